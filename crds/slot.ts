// A slot is what one run stands for: an export and a scheduled time. Every attempt at it, and every Job made for it, has the same identity.
import {nameBasedUuid} from './uuid.ts'

const MINUTE = 60_000
/** Of this project alone (RFC 9562, section 6.6): changing it would change every exportId. */
const NAMESPACE = Buffer.from('5b1c4a4f8d7e4a0f9c53e2d1a6b70c94', 'hex')

/** The name that the CronJob controller gives to the Job of a scheduled time: the export's name and the minutes since 1970. */
export function slotJobName(exportName: string, scheduledTime: Date): string {
  return `${exportName}-${Math.floor(scheduledTime.getTime() / MINUTE)}`
}

/**
 * The scheduled time in such a name, or undefined where it is another one: Jobs that a person made have any name. Fewer than eight
 * digits (a time before 1989) are taken for a person's numbering.
 */
export function parseSlotJobName(exportName: string, jobName: string): Date | undefined {
  const digits = jobName.startsWith(`${exportName}-`) ? jobName.slice(exportName.length + 1) : ''
  return /^[1-9][0-9]{7,8}$/.test(digits) ? new Date(Number(digits) * MINUTE) : undefined
}

/** Identity of a scheduled run: not the resource's UID, so that a restored resource still knows its files. */
export function scheduledSlot(namespace: string, exportName: string, scheduledTime: Date): string {
  const minute = new Date(Math.floor(scheduledTime.getTime() / MINUTE) * MINUTE)
  return `${namespace}/${exportName}@${minute.toISOString().slice(0, 19)}Z`
}

/** Identity of a run that a person started: the UID of its first Job, also when the Job had to be made again. */
export function manualSlot(firstJobUid: string): string {
  return firstJobUid
}

/** The run's ID in status, manifest and files: a UUID (version 5) that every attempt at the slot computes alike. */
export function exportIdOf(namespace: string, exportName: string, slot: string): string {
  return nameBasedUuid(NAMESPACE, `${namespace}/${exportName}\n${slot}`)
}
