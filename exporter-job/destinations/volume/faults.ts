// What a failed system call on the destination volume means for the run.
import {PermanentFault, RunFault, TransientFault} from '../../errors.ts'
import {errnoOf} from './files.ts'

interface Policy {
  readonly code: string
  readonly transient: boolean
  readonly means: string
}

const FULL: Policy = {code: 'VolumeFull', transient: true, means: 'the volume is full: free some space or enlarge the claim'}
const DENIED: Policy = {
  code: 'VolumeAccessDenied',
  transient: false,
  means: 'the exporter (user and group 65532) may not write there: the volume must honour fsGroup, or its folder must be writable for group 65532',
}
const INTERRUPTED: Policy = {code: 'VolumeUnavailable', transient: true, means: 'the volume failed for a moment'}

/** By the system's error code. A full disk is transient: space may be freed while the run waits; a read-only mount stays as it is for this pod. */
const POLICIES: Readonly<Record<string, Policy>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EROFS: {code: 'VolumeReadOnly', transient: false, means: 'the volume is mounted read-only: use a claim with a writable access mode'},
  EACCES: DENIED,
  EPERM: DENIED,
  EIO: INTERRUPTED,
  ESTALE: INTERRUPTED,
  ETIMEDOUT: INTERRUPTED,
  EHOSTDOWN: INTERRUPTED,
  ENOTCONN: INTERRUPTED,
  EAGAIN: INTERRUPTED,
  EBUSY: INTERRUPTED,
  EINTR: INTERRUPTED,
  EMFILE: INTERRUPTED,
  ENFILE: INTERRUPTED,
  ENOMEM: INTERRUPTED,
  ENOENT: {code: 'VolumeChanged', transient: true, means: 'a file or folder of this run was removed by somebody else'},
  ENOTDIR: {code: 'PathNotAllowed', transient: false, means: 'a part of the path is a file'},
  ELOOP: {code: 'PathNotAllowed', transient: false, means: 'a symbolic link on the volume leads round in a circle'},
  ENAMETOOLONG: {code: 'PathNotAllowed', transient: false, means: 'the name is too long for this file system'},
  EFBIG: {code: 'FileTooLarge', transient: false, means: 'the file system does not take files of this size'},
}

/** Linux' EDQUOT and ESTALE, which Node has no names for. */
const UNNAMED: Readonly<Record<number, string>> = {[-122]: 'EDQUOT', [-116]: 'ESTALE'}

/** Codes by which link(2) says that the file system has no hard links. EPERM is one of them on Linux (vfat, some CIFS and FUSE mounts). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK'])

/** The fault of a failed step; a fault of our own and an error that is not the system's stay as they are. */
export function volumeFault(error: unknown, step: string): unknown {
  if (error instanceof RunFault) return error
  const errno = errnoName(error)
  if (errno === undefined) return error
  if (step === 'link' && NO_LINKS.has(errno)) {
    const message = `the volume's file system cannot make hard links (${errno}), without which a file cannot appear whole and only if absent`
    return new PermanentFault('HardLinksUnsupported', `${message}: use a POSIX file system such as ext4, XFS or NFS`, {cause: error})
  }
  const {code, transient, means} = POLICIES[errno] ?? {code: 'VolumeError', transient: true, means: 'the volume refused it'}
  const Fault = transient ? TransientFault : PermanentFault
  return new Fault(code, `destination volume: ${means} (${errno} while trying to ${step})`, {cause: error})
}

function errnoName(error: unknown): string | undefined {
  const named = errnoOf(error)
  if (named === undefined || !(error instanceof Error) || (error as NodeJS.ErrnoException).syscall === undefined) return undefined
  return UNNAMED[(error as NodeJS.ErrnoException).errno ?? 0] ?? named
}

/** Runs one step, its errors turned into faults. */
export async function guarded<T>(step: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw volumeFault(error, step)
  }
}
