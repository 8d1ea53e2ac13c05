// Names on a destination volume. Several exports share one volume, so every name carries whose it is.
import {createHash} from 'node:crypto'

/** Staging folders of one slot. */
export interface StagingNames {
  /** Begins the name of every staging folder of the same export. */
  readonly ofExport: string
  /** Begins the name of every staging folder of this slot. */
  readonly ofSlot: string
  /** The one folder that a complete set is renamed to. */
  readonly sealed: string
  /** The folder with the names of the folders in which the export has published (volume/places.ts). */
  readonly list: string
}

const OPEN = '.open'
const LIST = 'published'
const SEALED = 'sealed'

/** Beside the staged files: the folder that they go to. A format's file cannot have the name. */
export const TARGET_NAME = '.target'

/** @param owner the export, `namespace/name` */
export function stagingNames(owner: string, slot: string): StagingNames {
  const ofExport = `${shortHash(owner, 16)}-`
  const ofSlot = `${ofExport}${shortHash(slot, 32)}.`
  return {ofExport, ofSlot, sealed: ofSlot + SEALED, list: ofExport + LIST}
}

/**
 * The folder of one attempt. It is the attempt's own: a pod that was believed dead (its node unreachable) may still write, and must
 * never be able to seal what its successor is writing.
 */
export function openName(names: StagingNames, attempt: string): string {
  return `${names.ofSlot}${attempt}${OPEN}`
}

/** The name that a sealed folder gets when it is to be removed. */
export function openNameFromSealed(sealed: string, attempt: string): string {
  return sealed.replace(/sealed$/, `${attempt}${OPEN}`)
}

/** A report while it is written, beside the export's list of folders. */
export function reportName(list: string, attempt: string): string {
  return `${list.slice(0, -LIST.length)}report.${attempt}${OPEN}`
}

export function isOpenName(name: string): boolean {
  return name.endsWith(OPEN)
}

export function isSealedName(name: string): boolean {
  return name.endsWith(`.${SEALED}`)
}

/** In the list of folders: one entry a stem and folder. */
export function placeName(stem: string, path: string): string {
  return `${stem}.${shortHash(path, 16)}`
}

export function isPlaceNameOf(stem: string, name: string): boolean {
  return name.startsWith(`${stem}.`) && /^[0-9a-f]{16}$/.test(name.slice(stem.length + 1))
}

function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}

const MANIFEST = '.manifest.json'

export function manifestName(stem: string, revision: number): string {
  return revision === 1 ? stem + MANIFEST : `${stem}-r${revision}${MANIFEST}`
}

/** The revision that a manifest's name stands for; undefined for any other name and any other stem. */
export function revisionOf(stem: string, name: string): number | undefined {
  if (!name.startsWith(stem) || !name.endsWith(MANIFEST)) return undefined
  const middle = name.slice(stem.length, -MANIFEST.length)
  if (middle === '') return 1
  return /^-r([2-9]|[1-9]\d{1,5})$/.test(middle) ? Number(middle.slice(2)) : undefined
}

export function isManifestName(name: string): boolean {
  return name.endsWith(MANIFEST)
}

const MAX_NAME = 200

/**
 * A plain file name of a format. Names that begin with a dot are refused, so none is hidden and none is "." or "..". Single blanks may stand
 * inside, for an authority wants one.
 */
export function isPlainFileName(name: string): boolean {
  return name.length <= MAX_NAME && /^[A-Za-z0-9_-](?: ?[A-Za-z0-9._-])*$/.test(name) && !isManifestName(name)
}
