// Where a secret shows that should show nowhere.
import {inject} from 'vitest'
import {LABEL_EXPORT} from '../../crds/names.ts'
import {kubectl} from './kubectl.ts'
import type {Tenant} from './tenant.ts'

/** The places, by name, among what an export leaves behind: objects but Secrets, logs of its runs and of the operator, files. */
export async function leaksOf(tenant: Tenant, name: string, secret: string): Promise<string[]> {
  const [objects, runs, operator] = await Promise.all([
    kubectl(['get', 'sx,events,jobs,pods,cronjobs', '-n', tenant.namespace, '-o', 'json']),
    kubectl(['logs', '-n', tenant.namespace, '-l', `${LABEL_EXPORT}=${name}`, '--tail=-1', '--max-log-requests=20']),
    kubectl(['logs', '-n', inject('operatorNamespace'), '-l', 'app.kubernetes.io/name=scheduled-export', '--tail=-1']),
  ])
  // A search in nothing would find nothing.
  if (!runs.includes('attempt started')) throw new Error(`no run of ${name} has a log to look into`)
  const places: Record<string, string> = {'status, Events, Jobs or pods': objects, "the runs' logs": runs, "the operator's log": operator}
  for (const file of await tenant.files()) places[file.path] = file.content.toString('latin1')
  return Object.keys(places).filter((place) => places[place]!.includes(secret))
}
