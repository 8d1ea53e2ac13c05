// Which master files need closing balances that nobody states. Their columns are asked for before anything is read.
import type {FormatInput} from '../types.ts'
import {hasBalances, statesClosing} from './balances.ts'
import type {KeySet} from './elements.ts'
import type {Profile} from './profile.ts'

/** Where the source does not speak SQL, columns are known only when a dataset is opened: what may be needed is reckoned then. */
export async function balancesToReckon(profile: Profile, input: FormatInput): Promise<KeySet[]> {
  const needed: KeySet[] = []
  for (const section of profile.masters) {
    if (typeof section === 'string' || section.balances === 'none' || !input.has(section.dataset)) continue
    const {sql} = input
    if (sql === undefined) {
      needed.push(section.dataset)
      continue
    }
    const described = await sql.open(section.dataset, `select * from ${sql.subquery(section.dataset)} q limit 0`)
    for await (const chunk of described.chunks) if (chunk.length > 0) throw new Error('limit 0 gave rows')
    const {columns} = described
    if (!statesClosing(columns) && (section.balances === 'always' || hasBalances(columns))) needed.push(section.dataset)
  }
  return needed
}
