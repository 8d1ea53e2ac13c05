// The Go that builds the commands. Their modules name the version that they need; any Go since 1.21 fetches that one from the module
// proxy by itself, unless it is told not to (GOTOOLCHAIN=local, as Debian's package is by default).
import {tmpdir} from 'node:os'
import {attempt} from '../run.ts'

/** The first Go that can fetch another one. */
export const MINIMUM_GO = '1.21'

/** For every call of `go` that builds. */
export const GO_ENVIRONMENT = {GOTOOLCHAIN: 'auto', CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false'} as const

/** Throws an error that says what would be right, before minutes of building end in one that does not. */
export async function checkGo(): Promise<void> {
  // Outside of every module, so that it speaks of itself.
  const {stdout, stderr} = await attempt('go', ['version'], {cwd: tmpdir(), env: {...process.env, GOTOOLCHAIN: 'local'}})
  const problem = goProblem(stdout || stderr)
  if (problem !== undefined) throw new Error(problem)
}

/** What is wrong with a Go, by what `go version` prints; undefined where it will do. */
export function goProblem(printed: string): string | undefined {
  const [, version, major, minor] = /\bgo((\d+)\.(\d+)\S*)/.exec(printed) ?? []
  const remedy = `install Go ${MINIMUM_GO} or newer (https://go.dev/dl), which fetches the version that Kubernetes needs by itself`
  if (version === undefined) return `"go version" says ${JSON.stringify(printed.trim().slice(0, 200))}: ${remedy}`
  const [leastMajor = 0, leastMinor = 0] = MINIMUM_GO.split('.').map(Number)
  const isEnough = Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor)
  return isEnough ? undefined : `Go ${version} is too old to build the cluster's commands: ${remedy}`
}
