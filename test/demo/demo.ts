// npm run demo: the exporter alone, then the whole way in a real Kubernetes. `npm run demo -- down` ends what it left running.
import {endClusters, findCluster} from '../cluster/index.ts'
import {addDays, addMonths, germanDay} from '../../examples/ledger/calendar.ts'
import {exportAlone} from './alone.ts'
import {removeDatabase, startDatabase} from './database.ts'
import {exportInCluster, removeFromCluster} from './in-cluster.ts'
import type {Left} from './in-cluster.ts'
import {DemoFault, block, grouped, heading, line} from './show.ts'

async function demo(today: string): Promise<void> {
  const [first, next] = [addMonths(today, -1), addMonths(today, 0)]
  heading('1 of 5  The exporter alone, on a real PostgreSQL')
  const {readerUrl, bookings} = await startDatabase(today)
  line(`PostgreSQL holds the books of "Deichläufer Fahrräder GmbH": ${grouped(bookings)} bookings.`)
  line(`To be exported: ${germanDay(first)} to ${germanDay(addDays(next, -1))}, for DATEV.\n`)
  await exportAlone(readerUrl, first.slice(0, 7))
  lastWords(await exportInCluster())
}

function lastWords({cluster, kubectlPath}: Left): void {
  heading('Done. The cluster and the database keep running')
  line('Go on by hand:\n')
  block(`export KUBECONFIG=${cluster.kubeconfig}
alias kubectl=${kubectlPath}
kubectl get sx -n acme                      # next run, last result
kubectl describe sx datev-monthly -n acme   # conditions, the last run, events
kubectl explain sx.spec --recursive         # every field
kubectl apply --server-side -f examples/datev-nightly-month-to-date.yaml
kubectl patch sx datev-monthly -n acme --type=merge -p '{"spec":{"suspend":true}}'`)
  line('\nexamples/README.md walks through the rest. When you are done:\n')
  block('npm run demo -- down')
}

/** Ends what a demo left running. A cluster that is somebody else's stays, without what the demo put into it. */
async function down(): Promise<void> {
  await removeDatabase()
  const cluster = await findCluster()
  if (cluster?.kind === 'existing') await removeFromCluster(cluster)
  else await endClusters()
  line('The demo has ended: the database and what ran in the cluster are gone. What was built stays in ~/.cache for the next time.')
}

async function main(args: readonly string[]): Promise<number> {
  const [command] = args
  if (command !== undefined && command !== 'down') {
    console.error('usage: npm run demo [-- down]')
    return 2
  }
  try {
    await (command === 'down' ? down() : demo(new Intl.DateTimeFormat('sv', {timeZone: 'Europe/Berlin'}).format(new Date())))
    return 0
  } catch (error) {
    explain(error)
    return 1
  }
}

/** What went wrong, and what a person can do now. */
function explain(error: unknown): void {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}`)
  console.error(error instanceof DemoFault ? `\n${error.remedy}` : '\nIt can be started again: what is done already is kept. From scratch: npm run demo -- down')
}

process.exitCode = await main(process.argv.slice(2))
