// Loaded into a measured program (node --import): when it exits, its use of CPU and memory goes to the file that BENCH_USAGE names.
import {readFileSync, writeFileSync} from 'node:fs'

/** Of one process, its start included. */
export interface Usage {
  /** User and system time. */
  readonly cpuSeconds: number
  readonly peakRssMiB: number
}

const file = process.env['BENCH_USAGE']

if (file !== undefined) {
  process.once('exit', () => {
    const {userCPUTime, systemCPUTime} = process.resourceUsage()
    const usage: Usage = {cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakRssMiB: peakRssKiB() / 1024}
    writeFileSync(file, JSON.stringify(usage))
  })
}

/** Of this program: what getrusage gives begins with what the process held that started it. */
export function peakRssKiB(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}
