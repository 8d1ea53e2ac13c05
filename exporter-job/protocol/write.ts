// The readable protocol of a run, as text and as HTML, beside its manifest.
import type {Manifest} from '../../crds/run.ts'
import type {Staging} from '../destinations/types.ts'
import type {Findings} from '../formats/findings.ts'
import type {Protocol} from '../formats/protocol.ts'
import {protocolHtml} from './html.ts'
import {protocolOf} from './document.ts'
import {protocolText} from './text.ts'
import type {Words} from './words.ts'

export interface ProtocolFacts {
  readonly protocol: Protocol
  readonly findings: Findings
  readonly words: Words
  /** Stem of the manifest's name. */
  readonly stem: string
}

/** Stages `<stem>.protocol.txt` and `.html`, `-r2` and so on in the name of a revision. */
export async function writeProtocol(staging: Staging, manifest: Manifest, facts: ProtocolFacts): Promise<void> {
  const document = protocolOf(manifest, facts)
  const name = `${facts.stem}${manifest.revision === 1 ? '' : `-r${manifest.revision}`}.protocol`
  for (const [ending, text] of [['txt', protocolText(document)], ['html', protocolHtml(document)]] as const) {
    const writer = await staging.create(`${name}.${ending}`)
    await writer.write(Buffer.from(text))
    await writer.close(0)
  }
}
