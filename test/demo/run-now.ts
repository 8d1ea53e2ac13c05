// One export in the cluster: applied, started at once, watched to its end, its file read back.
import {createHash} from 'node:crypto'
import {setTimeout as delay} from 'node:timers/promises'
import {stringify} from 'yaml'
import {z} from 'zod'
import {KIND, PLURAL} from '../../crds/names.ts'
import {ScheduledExport} from '../../crds/scheduledexport.ts'
import {TERMINAL_PHASES} from '../../crds/status.ts'
import type {HistoryEntry, RunFile} from '../../crds/status.ts'
import {duration} from '../cluster/say.ts'
import {runOnVolume} from '../support/volume.ts'
import type {Volume} from '../support/volume.ts'
import type {Kubectl} from './kubectl.ts'
import {DemoFault, block, firstLines, grouped, line} from './show.ts'

const NAME = 'datev-monthly'
const RUN_SECONDS = 180

/** Removes what an earlier demo published on the volume: a month that is out already would be Rejected, and rightly so. */
export async function clearEarlierFiles(kubectl: Kubectl, volume: Volume): Promise<boolean> {
  const script = "const {existsSync, rmSync} = require('node:fs'); console.log(existsSync('/volume/datev')); rmSync('/volume/datev', {recursive: true, force: true})"
  return (await runOnVolume(kubectl.run, volume, script)).trim() === 'true'
}

/** Starts a run of the applied export and waits for its end; its published file. */
export async function runNow(kubectl: Kubectl, namespace: string): Promise<RunFile> {
  const job = `${NAME}-${Date.now().toString(36)}`
  await kubectl.show(['create', 'job', '-n', namespace, job, `--from=cronjob/${NAME}`])
  line()
  const entry = await watch(kubectl, namespace, job)
  if (entry.phase !== 'Completed') {
    const {code = entry.phase, message = 'no reason was given'} = entry.error ?? {}
    throw new DemoFault(`the run ended as ${entry.phase}: ${code}: ${message}`, `Look at it: kubectl describe sx ${NAME} -n ${namespace}; docs/operating.md says what each means.`)
  }
  line()
  await kubectl.show(['get', 'sx', '-n', namespace])
  const lastRun = (await read(kubectl, namespace)).status?.lastRun
  line('\nstatus.lastRun:\n')
  block(stringify(lastRun))
  const [file] = lastRun?.files ?? []
  if (file === undefined) throw new DemoFault('the status names no file', 'That should not be possible: please report it.')
  return file
}

/** Waits for the operator's CronJob, so that a run can be made from it. */
export async function awaitCronJob(kubectl: Kubectl, namespace: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if ((await kubectl.run(['get', 'cronjob', NAME, '-n', namespace, '--ignore-not-found', '-o', 'name'])) !== '') return
    await delay(200)
  }
  const {status} = await read(kubectl, namespace)
  throw new DemoFault(`the operator has made no CronJob within 30 s; conditions: ${JSON.stringify(status?.conditions ?? [])}`, `Its log may say why: kubectl logs deployment/scheduled-export -n scheduled-export-system`)
}

/** Shows the file as it lies on the volume, and whether it is the one that the status speaks of. */
export async function showFile(kubectl: Kubectl, volume: Volume, file: RunFile): Promise<void> {
  const path = file.uri.replace(`volume://${volume.claimName}/`, '/volume/')
  const encoded = await runOnVolume(kubectl.run, volume, `console.log(require('node:fs').readFileSync(${JSON.stringify(path)}).toString('base64'))`)
  const bytes = Buffer.from(encoded, 'base64')
  block(firstLines(new TextDecoder('windows-1252').decode(bytes), 4))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== file.sha256) throw new DemoFault(`the file's sha256 is ${sha256}, the status says ${file.sha256}`, 'That should not be possible: please report it.')
  line(`\n${file.uri}\n${grouped(bytes.length)} bytes, ${grouped(file.rows)} bookings, sha256 as in the status: ${sha256}`)
}

async function watch(kubectl: Kubectl, namespace: string, job: string): Promise<HistoryEntry> {
  const start = performance.now()
  let last = ''
  while (performance.now() - start < RUN_SECONDS * 1000) {
    const entry = (await read(kubectl, namespace)).status?.history?.find(({name}) => name === job)
    const state = entry === undefined ? await podState(kubectl, namespace, job) : `${KIND} ${NAME}: ${entry.phase}`
    if (state !== last) line(`${duration(performance.now() - start).padStart(8)}   ${state}`)
    last = state
    if (entry !== undefined && TERMINAL_PHASES.some((phase) => phase === entry.phase)) return entry
    await delay(400)
  }
  throw new DemoFault(`the run has not ended within ${RUN_SECONDS} s; last seen: ${last}`, `Look at it: kubectl describe sx,pods -n ${namespace}`)
}

const Pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({name: z.string()}),
      status: z.object({
        phase: z.string(),
        containerStatuses: z.array(z.object({state: z.object({waiting: z.object({reason: z.string()}).optional()})})).optional(),
      }),
    }),
  ),
})

async function podState(kubectl: Kubectl, namespace: string, job: string): Promise<string> {
  const selector = `batch.kubernetes.io/job-name=${job}`
  const [pod] = Pods.parse(JSON.parse(await kubectl.run(['get', 'pods', '-n', namespace, '-l', selector, '-o', 'json']))).items
  if (pod === undefined) return `Job ${job} created`
  const waiting = pod.status.containerStatuses?.[0]?.state.waiting?.reason
  return `Pod ${pod.metadata.name}: ${waiting ?? pod.status.phase}`
}

async function read(kubectl: Kubectl, namespace: string): Promise<ScheduledExport> {
  return ScheduledExport.parse(JSON.parse(await kubectl.run(['get', PLURAL, NAME, '-n', namespace, '-o', 'json'])))
}
