// Takes out of the machine's packet filter what a cluster or a container engine put in, rule by rule, for others may be changing their
// own at the same moment. Names alone do not tell whose a chain is (a kubelet, k3s or Podman of the machine's own makes KUBE-… and CNI-…
// too), so the caller notes which ones there are before it starts anything (chainsOf), and has them spared (`except`).
import {attempt, run} from './run.ts'

/** iptables and its twin for IPv6. */
export const FAMILIES = ['iptables', 'ip6tables'] as const

export interface Unwanted {
  /** Beginnings of the names of chains. */
  readonly chains: readonly string[]
  /** Chains that are somebody else's in spite of their names, as chainsOf gives them. */
  readonly except?: readonly string[]
  /** Names of network interfaces. */
  readonly interfaces?: readonly string[]
}

/** The chains of both families that begin like that, as chainsOf gives them. */
export async function readChains(beginnings: readonly string[]): Promise<Record<(typeof FAMILIES)[number], string[]>> {
  const [iptables, ip6tables] = await Promise.all(FAMILIES.map(async (family) => chainsOf(await readPacketFilter(family), beginnings)))
  return {iptables: iptables ?? [], ip6tables: ip6tables ?? []}
}

/** The chains of a saved filter that begin like that: table and name, "nat KUBE-SERVICES". */
export function chainsOf(saved: string, beginnings: readonly string[]): string[] {
  return tablesOf(saved).flatMap((table) => chainsOfTable(table, beginnings).map((chain) => `${nameOf(table)} ${chain}`))
}

/** Removes those chains with every rule that leads to one, and the rules about those interfaces. `except` holds both families' chains. */
export async function cleanPacketFilter({except, ...unwanted}: Omit<Unwanted, 'except'> & {except?: Awaited<ReturnType<typeof readChains>>}): Promise<void> {
  for (const family of FAMILIES) {
    const removal = removalOf(await readPacketFilter(family), {...unwanted, except: except?.[family] ?? []})
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
  return tablesOf(saved).map((table) => removalOfTable(table, unwanted)).join('')
}

function tablesOf(saved: string): string[] {
  return saved.split(/^(?=\*)/m).filter((table) => table.startsWith('*'))
}

function nameOf(table: string): string {
  return table.slice(1, table.indexOf('\n'))
}

function chainsOfTable(table: string, beginnings: readonly string[]): string[] {
  const names = [...table.matchAll(/^:(\S+) /gm)].map((match) => match[1] ?? '')
  return names.filter((name) => beginnings.some((beginning) => name.startsWith(beginning)))
}

function removalOfTable(table: string, {chains, except = [], interfaces = []}: Unwanted): string {
  const doomed = chainsOfTable(table, chains).filter((chain) => !except.includes(`${nameOf(table)} ${chain}`))
  const about = [...doomed.map((name) => `-[jg] ${escape(name)}`), ...interfaces.map((name) => `-[io] ${escape(name)}`)]
  const isAbout = new RegExp(`^-A .*(?:${about.join('|')})(?: |$)`)
  const isOwn = new RegExp(`^-A (?:${doomed.map(escape).join('|')}) `)
  const rules = about.length === 0 ? [] : table.split('\n').filter((line) => isAbout.test(line))
  const deleted = rules.filter((line) => doomed.length === 0 || !isOwn.test(line)).map((line) => line.replace('-A', '-D'))
  if (deleted.length + doomed.length === 0) return ''
  // All are emptied before the first is deleted, for they refer to one another.
  const commands = [...deleted, ...doomed.map((name) => `-F ${name}`), ...doomed.map((name) => `-X ${name}`)]
  return [`*${nameOf(table)}`, ...commands, 'COMMIT', ''].join('\n')
}

function escape(text: string): string {
  return text.replaceAll(/[-.]/g, '[$&]')
}
