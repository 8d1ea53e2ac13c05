// From a zod schema to a structural schema, the subset of OpenAPI v3 that a CustomResourceDefinition may hold.
import {z} from 'zod'
import {CEL_KEY, type CelValidation} from '../fields.ts'

/** One node of a structural schema. Keys are written in this order; undefined ones are left out. */
export interface Structural {
  description?: string | undefined
  type: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  format?: string | undefined
  default?: unknown
  enum?: readonly unknown[] | undefined
  minLength?: number | undefined
  maxLength?: number | undefined
  minimum?: number | undefined
  maximum?: number | undefined
  minItems?: number | undefined
  maxItems?: number | undefined
  required?: readonly string[] | undefined
  properties?: Record<string, Structural> | undefined
  items?: Structural | undefined
  'x-kubernetes-list-type'?: string | undefined
  'x-kubernetes-list-map-keys'?: readonly string[] | undefined
  'x-kubernetes-map-type'?: string | undefined
  'x-kubernetes-validations'?: readonly CelValidation[] | undefined
}

type JsonSchema = z.core.JSONSchema.BaseSchema

/** What Kubernetes adds to OpenAPI and our schemas carry in their metadata. */
const Extensions = z.object({
  'x-kubernetes-list-type': z.enum(['atomic', 'set', 'map']).optional(),
  'x-kubernetes-list-map-keys': z.array(z.string()).optional(),
  'x-kubernetes-map-type': z.enum(['atomic', 'granular']).optional(),
  [CEL_KEY]: z.array(z.strictObject({rule: z.string(), message: z.string()})).optional(),
})
// $schema and additionalProperties are said by zod and dropped: the API server refuses or prunes unknown fields by itself, and takes no
// additionalProperties beside properties.
const KEYWORDS = new Set([
  ...'$schema additionalProperties description type format default enum required properties items'.split(' '),
  ...'minLength maxLength minimum maximum minItems maxItems'.split(' '),
  ...Object.keys(Extensions.shape),
])
const INT32_MAX = 2 ** 31 - 1

/**
 * The structural schema of what a person writes (fields with a default are not required). Throws an Error that names
 * the path of anything the API server would refuse or silently drop: unions, open maps, keywords not known here.
 */
export function structuralSchema(schema: z.ZodType): Structural {
  return convert(z.toJSONSchema(schema, {io: 'input', unrepresentable: 'throw'}), '')
}

function convert(source: JsonSchema, path: string): Structural {
  const type = typeOf(source, path)
  const extensions = Extensions.parse(source)
  const isInteger = type === 'integer'
  return {
    description: source.description,
    type,
    format: isInteger ? integerFormat(source) : source.format,
    default: source.default,
    enum: source.enum,
    minLength: source.minLength,
    maxLength: source.maxLength,
    minimum: isInteger ? said(source.minimum) : source.minimum,
    maximum: isInteger ? said(source.maximum) : source.maximum,
    minItems: source.minItems,
    maxItems: source.maxItems,
    required: source.required,
    properties: source.properties && convertAll(source.properties, path),
    items: source.items === undefined ? undefined : convert(single(source.items, `${path}[]`), `${path}[]`),
    ...(type === 'array' ? {'x-kubernetes-list-type': 'atomic'} : {}),
    ...extensions,
  }
}

function convertAll(fields: NonNullable<JsonSchema['properties']>, path: string): Record<string, Structural> {
  const entries = Object.entries(fields).map(([name, field]) => {
    const below = path === '' ? name : `${path}.${name}`
    return [name, convert(single(field, below), below)] as const
  })
  return Object.fromEntries(entries)
}

/** The type, after a look at everything that would make the schema other than structural. */
function typeOf(source: JsonSchema, path: string): Structural['type'] {
  const where = path === '' ? 'the root' : path
  const unknown = Object.keys(source).filter((key) => !KEYWORDS.has(key))
  if (unknown.length > 0) throw new Error(`${where}: ${unknown.join(', ')} cannot stand in a structural schema as it is made here`)
  const {type} = source
  if (type === undefined || Array.isArray(type) || type === 'null' || type === 'number') {
    throw new Error(`${where}: has no single type that is allowed here (${JSON.stringify(type)})`)
  }
  if (type === 'object' && source.properties === undefined) throw new Error(`${where}: an open map; name its fields`)
  return type
}

/** zod writes its safe-integer bounds where a schema names none; the format says as much. */
function said(bound: number | undefined): number | undefined {
  return Math.abs(bound ?? Infinity) >= Number.MAX_SAFE_INTEGER ? undefined : bound
}

function integerFormat({maximum}: JsonSchema): 'int32' | 'int64' {
  return (maximum ?? Infinity) <= INT32_MAX ? 'int32' : 'int64'
}

function single(value: JsonSchema['items'], path: string): JsonSchema {
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${path}: not one schema`)
  return value
}

/** A field of a schema with its path as the API server writes it: spec.retry.attempts, status.history[].name. */
export interface Field {
  readonly path: string
  readonly schema: Structural
  readonly required: boolean
}

/** Every field below a schema, parents first. */
export function fieldsOf(schema: Structural, prefix = ''): Field[] {
  if (schema.items !== undefined) return fieldsOf(schema.items, `${prefix}[]`)
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    return [{path, schema: field, required: schema.required?.includes(name) ?? false}, ...fieldsOf(field, path)]
  })
}
