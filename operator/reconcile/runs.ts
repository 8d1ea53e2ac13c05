// Writes runs into history and lastRun. The exporter writes there too: every patch carries the version it was computed from.
import {runStatusPatch, withRun} from '../../crds/history.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {LastRun} from '../../crds/status.ts'
import {isApiError} from '../kube/errors.ts'
import {SCHEDULED_EXPORTS} from '../kube/resources.ts'
import type {KubeApi} from '../kube/types.ts'

const CONFLICTS = 5

/**
 * The export with these runs in its status; nothing is written where status knows them. After a conflict it is read again and the
 * runs are put in anew: what is over stays over, so a late harvest never overwrites the exporter's own report.
 */
export async function writeRuns(api: KubeApi, resource: ScheduledExport, runs: readonly LastRun[]): Promise<ScheduledExport> {
  let current = resource
  for (let conflicts = 0; ; conflicts++) {
    const patch = patchOf(current, runs)
    if (patch === undefined) return current
    try {
      return await api.mergePatch(SCHEDULED_EXPORTS, nameOf(current), patch, 'status')
    } catch (error) {
      if (!isApiError(error, 'conflict') || conflicts >= CONFLICTS) throw error
      const live = await api.get(SCHEDULED_EXPORTS, nameOf(current))
      if (live === undefined || live.metadata.uid !== resource.metadata.uid) throw error
      current = live
    }
  }
}

function patchOf(resource: ScheduledExport, runs: readonly LastRun[]): unknown {
  const before = resource.status ?? {}
  const after = runs.reduce((status, run) => withRun(status, run, resource.spec.historyLimit), before)
  if (after === before) return undefined
  return {metadata: {resourceVersion: resource.metadata.resourceVersion}, status: runStatusPatch(before, after)}
}

function nameOf({metadata}: ScheduledExport): {namespace: string; name: string} {
  return {namespace: metadata.namespace ?? '', name: metadata.name}
}
