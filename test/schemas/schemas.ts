// The authorities' SAF-T schemas: where they publish them, and what they must be. They carry no licence to redistribute, so none is here:
// `npm run schemas` fetches them, and tests look for them in some places before they say that they could not run.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {SaftFormat} from '../../crds/formats/saft.ts'

export interface Schema {
  /** Below the folder of schemas. */
  readonly path: string
  readonly url: string
  /** Name of the entry, where the address is that of a ZIP archive. */
  readonly entry?: string
  readonly sha256: string
}

export type ProfileId = SaftFormat['profile']

/** By profile. The addresses are the authorities' own. */
export const SCHEMAS: Readonly<Record<ProfileId, Schema>> = {
  'NO-1.30': {
    path: 'no/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd',
    url: 'https://raw.githubusercontent.com/Skatteetaten/saf-t/master/SAF-T_Financial_1.3/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd',
    sha256: '2ddd358a13af0b2e19078650c8f00cc5d7a392926f6940818c1893cc9769a357',
  },
  'RO-2.4.8': {
    path: 'ro/Ro_SAFT_Schema_v248_20231121.xsd',
    url: 'https://static.anaf.ro/static/10/Anaf/Declaratii_R/AplicatiiDec/Ro_SAFT_Schema_v248_20231121.xsd',
    sha256: '5c219fbadf3b1855f9b0345b96ffb5b0ce4ddab5779d5f569ac2fd551577dbe9',
  },
  'LU-2.01': {
    path: 'lu/FAIA_v_2.01_full.xsd',
    url: 'https://pfi.public.lu/content/dam/pfi/backup/FAIA/FAIA/XSD_Files.zip',
    entry: 'FAIA_v_2.01_full.xsd',
    sha256: '957273b819739dd015950475a36642b6a0348c54d59f74e53787a97c887a96c5',
  },
  'PT-1.04_01': {
    path: 'pt/SAFTPT_1_04_01.xsd',
    url: 'https://info.portaldasfinancas.gov.pt/apps/saft-pt04/saftpt1.04_01.xsd',
    sha256: 'f30b07cbb2ac6166b7c990151524fd55ec1cb85d138d06f79227f5efe4f0a875',
  },
}

const ROOT = join(import.meta.dirname, '../..')

/** Where `npm run schemas` puts them. */
export const FETCHED = join(ROOT, 'build/schemas/saft')

/** Where schemas are looked for: SAFT_SCHEMAS alone, where it is set; else beside the project, two levels up, and where they are fetched to. */
export function schemaFolders(env: Readonly<Record<string, string | undefined>> = process.env): readonly string[] {
  const named = env['SAFT_SCHEMAS']
  if (named !== undefined && named !== '') return [named]
  return [join(ROOT, '../shared/formats/saft'), join(ROOT, '../../shared/formats/saft'), FETCHED]
}

/** The path of a profile's schema, or undefined where there is none. */
export function findSchema(profile: ProfileId, folders = schemaFolders()): string | undefined {
  return folders.map((folder) => join(folder, SCHEMAS[profile].path)).find((path) => existsSync(path))
}

/** What a person reads when a schema is nowhere. */
export function missingSchema(profile: ProfileId, folders = schemaFolders()): string {
  return `NOT VALIDATED against the schema of ${profile}: ${SCHEMAS[profile].path} is not in ${folders.join(', ')}. Run \`npm run schemas\`, or set SAFT_SCHEMAS.`
}

/**
 * The schema as libxml2 takes it. Portugal's is XSD 1.1: assertions go (our own rules say the same), and groups in any order become choices.
 * Romania's declares the namespace of the test declaration (d406t); real ones are d406.
 */
export function adapted(profile: ProfileId, schema: string): string {
  switch (profile) {
    case 'PT-1.04_01':
      return schema
        .replaceAll(/<xs:assert\b[^>]*?\/>|<xs:assert\b[^>]*?>[^]*?<\/xs:assert>/g, '')
        .replaceAll(
          /<xs:all>((?:(?!<\/xs:all>)[^])*maxOccurs="unbounded"(?:(?!<\/xs:all>)[^])*)<\/xs:all>/g,
          '<xs:choice maxOccurs="unbounded">$1</xs:choice>',
        )
    case 'RO-2.4.8':
      return schema.replaceAll('mfp:anaf:dgti:d406t:declaratie:v1', 'mfp:anaf:dgti:d406:declaratie:v1')
    case 'NO-1.30':
    case 'LU-2.01':
      return schema
    default:
      return profile satisfies never
  }
}
