// What a measured program says of itself, as its last line.

export interface Usage {
  readonly rows: number
  readonly bytes: number
  /** User and system time. */
  readonly cpuSeconds: number
  readonly peakRssMiB: number
}

/** Prints the usage of this process; call it last. */
export function reportUsage(rows: number, bytes: number): void {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage()
  const usage: Usage = {rows, bytes, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakRssMiB: maxRSS / 1024}
  console.log(JSON.stringify(usage))
}
