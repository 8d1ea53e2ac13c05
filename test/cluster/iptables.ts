// Takes out of the machine's packet filter what a cluster or a container engine put in.
import {attempt} from './run.ts'

/** Removes the chains whose names begin with one of the prefixes, and every rule that leads to one. */
export async function restorePacketFilter(prefixes: readonly string[]): Promise<void> {
  for (const family of ['iptables', 'ip6tables']) {
    const saved = await attempt(`${family}-save`, []).catch(() => undefined)
    if (saved?.code !== 0) continue
    const kept = withoutChains(saved.stdout, prefixes)
    if (kept !== saved.stdout) await attempt(`${family}-restore`, [], {input: kept})
  }
}

/** iptables-save's text without those chains. */
export function withoutChains(saved: string, prefixes: readonly string[]): string {
  const alternatives = prefixes.map((prefix) => prefix.replaceAll('-', '[-]')).join('|')
  const ours = new RegExp(`^:(?:${alternatives})|^-A (?:${alternatives})|-[jg] (?:${alternatives})`)
  return saved
    .split('\n')
    .filter((line) => !ours.test(line))
    .join('\n')
}
