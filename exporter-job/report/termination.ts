// The exporter's last words, which the kubelet keeps in the pod's status: from them the operator repairs a status that could not be written.
import {writeFile} from 'node:fs/promises'
import {MAX_TERMINATION_BYTES} from '../../crds/run.ts'
import type {TerminationMessage} from '../../crds/run.ts'
import type {LastRun} from '../../crds/status.ts'

/** JSON of the run, of at most MAX_TERMINATION_BYTES: files are left out from the end, then the error's message is cut. */
export function terminationMessage({files = [], manifest, ...entry}: LastRun): string {
  for (let count = files.length; count >= 0; count--) {
    const text = JSON.stringify({entry, ...(manifest && {manifest}), files: files.slice(0, count)} satisfies TerminationMessage)
    if (fits(text)) return text
  }
  const {error} = entry
  for (const length of error === undefined ? [] : [1024, 512, 256]) {
    const cut = {code: error?.code ?? '', message: `${error?.message.slice(0, length)}…`}
    const text = JSON.stringify({entry: {...entry, error: cut}} satisfies TerminationMessage)
    if (fits(text)) return text
  }
  return JSON.stringify({entry: {name: entry.name, trigger: entry.trigger, phase: entry.phase}} satisfies TerminationMessage)
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_TERMINATION_BYTES
}

/** Overwrites what an earlier call wrote. Best effort: a run that is published stays so without last words. */
export async function writeTerminationMessage(path: string, run: LastRun): Promise<void> {
  await writeFile(path, terminationMessage(run)).catch(() => undefined)
}
