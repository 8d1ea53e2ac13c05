// Takes out of the machine's packet filter what a cluster or a container engine put in, and touches nothing else: others may be changing
// their own rules at the same moment.
import {attempt, run} from './run.ts'

/** iptables and its twin for IPv6. */
export const FAMILIES = ['iptables', 'ip6tables'] as const

export interface Unwanted {
  /** Beginnings of the names of chains. */
  readonly chains: readonly string[]
  /** Names of network interfaces. */
  readonly interfaces?: readonly string[]
}

/** Removes those chains with every rule that leads to one, and the rules about those interfaces. */
export async function cleanPacketFilter(unwanted: Unwanted): Promise<void> {
  for (const family of FAMILIES) {
    const removal = removalOf(await readPacketFilter(family), unwanted)
    if (removal !== '') await run(`${family}-restore`, ['--noflush'], {input: removal})
  }
}

/** All tables as iptables-save prints them; '' where there are none, or no such command. */
export async function readPacketFilter(family: (typeof FAMILIES)[number]): Promise<string> {
  const saved = await attempt(`${family}-save`, []).catch(() => undefined)
  return saved?.code === 0 ? saved.stdout : ''
}

/** What `iptables-restore --noflush` reads to take the unwanted out of `saved`, table by table; '' where there is nothing of it. */
export function removalOf(saved: string, unwanted: Unwanted): string {
  const tables = saved.split(/^(?=\*)/m).filter((table) => table.startsWith('*'))
  return tables.map((table) => removalOfTable(table, unwanted)).join('')
}

function removalOfTable(table: string, {chains, interfaces = []}: Unwanted): string {
  const names = chains.map(escape).join('|')
  const chain = new RegExp(`^:((?:${names})\\S*) `)
  const ownRule = new RegExp(`^-A (?:${names})`)
  const about = [`-[jg] (?:${names})`, ...(interfaces.length === 0 ? [] : [`-[io] (?:${interfaces.map(escape).join('|')})(?: |$)`])]
  const foreignRule = new RegExp(`^-A .*(?:${about.join('|')})`)
  const lines = table.split('\n')
  const deleted = lines.filter((line) => foreignRule.test(line) && !ownRule.test(line)).map((line) => line.replace('-A', '-D'))
  const unwantedChains = lines.map((line) => line.match(chain)?.[1]).filter((name) => name !== undefined)
  if (deleted.length + unwantedChains.length === 0) return ''
  // All are emptied before the first is deleted, for they refer to one another.
  const commands = [...deleted, ...unwantedChains.map((name) => `-F ${name}`), ...unwantedChains.map((name) => `-X ${name}`)]
  return [lines[0], ...commands, 'COMMIT', ''].join('\n')
}

function escape(text: string): string {
  return text.replaceAll(/[-.]/g, '[$&]')
}
