import {describe, expect, it} from 'vitest'
import {z} from 'zod'
import {CEL_KEY, withRule} from '../fields.ts'
import {resourceSchema} from './crd.ts'
import {fieldsOf, structuralSchema} from './structural.ts'

describe('structuralSchema', () => {
  it('keeps a rule through later checks, defaults and descriptions', () => {
    const ruled = withRule(z.string().max(9), {cel: "self != 'x'", message: 'must not be x'})
    const schema = z.strictObject({field: ruled.min(2).default('ab').describe('A field.')})
    expect(structuralSchema(schema)).toEqual({
      type: 'object',
      properties: {
        field: {
          description: 'A field.',
          type: 'string',
          default: 'ab',
          minLength: 2,
          maxLength: 9,
          [CEL_KEY]: [{rule: "self != 'x'", message: 'must not be x'}],
        },
      },
    })
  })

  it('says the width of integers and leaves out the bounds that zod adds by itself', () => {
    const schema = z.strictObject({small: z.int().min(1).max(10), large: z.int().min(0)})
    expect(structuralSchema(schema).properties).toEqual({
      small: {type: 'integer', format: 'int32', minimum: 1, maximum: 10},
      large: {type: 'integer', format: 'int64', minimum: 0},
    })
  })

  it('makes a list atomic unless it says otherwise', () => {
    const entries = z.array(z.strictObject({name: z.string()}))
    const keyed = entries.meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name']})
    const {plain, named} = structuralSchema(z.strictObject({plain: entries, named: keyed})).properties ?? {}
    expect(plain?.['x-kubernetes-list-type']).toBe('atomic')
    expect(named).toMatchObject({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name']})
  })

  it.each([
    ['a union', z.union([z.string(), z.int()]), 'field: anyOf'],
    ['an open map', z.record(z.string(), z.string()), 'field: propertyNames'],
    ['a pattern, whose message would name no remedy', z.string().regex(/^a/), 'field: pattern'],
    ['a date', z.date(), 'Date'],
  ])('refuses %s', (_, field, message) => {
    expect(() => structuralSchema(z.strictObject({field}))).toThrow(message)
  })
})

describe('the resource', () => {
  const fields = fieldsOf(resourceSchema()).filter(({path}) => path !== 'metadata')

  it('has a sentence on every field', () => {
    expect(fields.filter(({schema}) => !/[.)>]$/.test(schema.description ?? '')).map(({path}) => path)).toEqual([])
  })

  it('has a maximum on every string and list, for the cost of rules depends on them', () => {
    const openStrings = fields.filter(({schema}) => schema.type === 'string' && schema.enum === undefined && schema.maxLength === undefined)
    const openLists = fields.filter(({schema}) => schema.type === 'array' && schema.maxItems === undefined)
    expect([...openStrings, ...openLists].map(({path}) => path)).toEqual(['apiVersion', 'kind'])
  })

  it('has bounds on every number of the spec', () => {
    const numbers = fields.filter(({path, schema}) => path.startsWith('spec.') && schema.type === 'integer')
    expect(numbers.length).toBeGreaterThan(5)
    expect(numbers.filter(({schema}) => schema.minimum === undefined || schema.maximum === undefined)).toEqual([])
  })

  it('refers to nothing in another namespace', () => {
    expect(fields.filter(({path}) => path.startsWith('spec.') && path.toLowerCase().endsWith('namespace'))).toEqual([])
  })
})
