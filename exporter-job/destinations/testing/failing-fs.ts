// File systems that fail: one with a certain error at a certain call, one that stops the world after the n-th call.
import type {FileHandle} from 'node:fs/promises'
import {realFs} from '../volume/files.ts'
import type {VolumeFs} from '../volume/files.ts'

type Call = (name: string, run: () => Promise<unknown>) => Promise<unknown>
type Method = (...args: unknown[]) => Promise<unknown>

/** Handles that a "dead" process left open; in reality the kernel closes them. */
const handles = new Set<FileHandle>()

/** Closes what dead attempts left open. */
export async function closeLeftHandles(): Promise<void> {
  for (const handle of handles) await handle.close().catch(() => undefined)
  handles.clear()
}

/** Every call of the file system, and of its file handles, goes through `call`; folders' handles say "syncFolder" for their sync. */
function intercepted(call: Call): VolumeFs {
  return new Proxy({...realFs}, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property)
      if (!isMethod(method)) return method
      return async (...args: unknown[]) => {
        const result = await call(String(property), () => method(...args))
        return isFileHandle(result) ? interceptedHandle(result, args[1] === 'r', call) : result
      }
    },
  })
}

function interceptedHandle(handle: FileHandle, folder: boolean, call: Call): FileHandle {
  handles.add(handle)
  return new Proxy(handle, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property, target)
      if (!isMethod(method)) return method
      const name = property === 'sync' && folder ? 'syncFolder' : String(property)
      return (...args: unknown[]) => call(name, () => method.apply(target, args))
    },
  })
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function'
}

function isFileHandle(value: unknown): value is FileHandle {
  return typeof value === 'object' && value !== null && 'fd' in value && 'sync' in value
}

/** A real file system of which one call fails with that error code: always, or from its n-th time on. */
export function failingFs(failing: string, errno: string, from = 1): VolumeFs {
  let times = 0
  return intercepted((name, run) => (name === failing && ++times >= from ? Promise.reject(systemError(errno, name)) : run()))
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), {code, syscall, errno: -1})
}

/** Thrown by every call once the process is "dead": no clean-up may have an effect any more. */
export class Crash extends Error {}

export interface CrashingFs {
  readonly fs: VolumeFs
  /** Calls that worked. */
  calls(): number
}

/** A real file system whose calls work `lives` times; the process is dead from then on. */
export function crashingFs(lives: number): CrashingFs {
  let calls = 0
  const fs = intercepted(async (_name, run) => {
    if (calls >= lives) throw new Crash(`dead after ${lives} calls`)
    calls += 1
    return run()
  })
  return {fs, calls: () => calls}
}
