// betrag, steuer and their like: the sign comes from the kind of document, or the value has its own.
import {MINUS} from '../values/cursor.ts'
import {encodeDecimal, encodeNegated, encodeSignedDecimal} from '../values/decimals.ts'
import type {Field, Sources} from './plan.ts'
import {NONE} from './plan.ts'
import type {Row} from './row.ts'
import {point} from './row.ts'
import type {Broken} from './rules.ts'

/** Sets row.amount. */
export function encodeAmount(row: Row, field: Field, sources: Sources): Broken {
  const broken = encodeEither(row, field, sources.signedAmount, row.foreign ? sources.baseAmount : sources.amount)
  row.amount = row.wrote ? row.cursor.number : 0
  if (broken !== undefined || row.wrote) return broken
  return row.amountSign === 0 ? 'SignNotGiven' : 'MissingValue'
}

/** Sets row.tax and row.taxed. */
export function encodeTax(row: Row, field: Field, sources: Sources): Broken {
  const broken = encodeEither(row, field, sources.signedTax, row.foreign ? sources.baseTax : sources.tax)
  row.taxed = row.wrote
  row.tax = row.wrote ? row.cursor.number : 0
  if (broken !== undefined) return broken
  if (!row.wrote) return missingTax(row, sources)
  return row.reverse && row.tax !== 0 && row.amountSign === 1 && row.code === 1 ? 'TaxOnReverseCharge' : undefined
}

/** A tax that is known of and not given. */
function missingTax(row: Row, sources: Sources): Broken {
  const {source} = row
  const isForeignTax = row.foreign && point(row, sources.tax)
  const isTaxed = row.taxSign === 0 && (point(row, sources.taxCode) || point(row, sources.taxRate))
  row.source = isForeignTax && sources.baseTax !== NONE ? sources.baseTax : source
  return isTaxed ? 'SignNotGiven' : isForeignTax ? 'MissingValue' : undefined
}

/** Sets row.foreignAmount. */
export function encodeForeignAmount(row: Row, field: Field, sources: Sources): Broken {
  if (!row.foreign) return point(row, sources.signedForeignAmount) ? 'CompanionMissing' : undefined
  const broken = encodeEither(row, field, sources.signedForeignAmount, sources.amount)
  row.foreignAmount = row.wrote ? row.cursor.number : 0
  if (broken !== undefined || row.wrote) return broken
  return row.amountSign === 0 ? 'SignNotGiven' : 'MissingValue'
}

export function encodeForeignTax(row: Row, field: Field, sources: Sources): Broken {
  if (!row.foreign) return point(row, sources.signedForeignTax) ? 'CompanionMissing' : undefined
  const broken = encodeEither(row, field, sources.signedForeignTax, sources.tax)
  if (broken !== undefined) return broken
  const tax = row.wrote ? row.cursor.number : 0
  if (tax === 0 && row.tax !== 0) return 'MissingValue'
  return tax !== 0 && row.tax === 0 ? 'CompanionMissing' : undefined
}

/**
 * From the column with the sign in it, else from the one that the sign of the kind of document is put before. Leaves row.wrote false where
 * both are empty.
 */
function encodeEither(row: Row, field: Field, signed: number, plain: number): Broken {
  const {cursor} = row
  const sign = field.isTax ? row.taxSign : row.amountSign
  row.wrote = false
  if (point(row, signed)) {
    row.wrote = true
    const broken = encodeSignedDecimal(cursor, field)
    return broken ?? (cursor.number * sign < 0 ? 'SignDiffers' : undefined)
  }
  if (!point(row, plain)) return undefined
  if (sign === 0) return 'SignNotGiven'
  row.wrote = true
  return sign > 0 ? encodeDecimal(cursor, field) : encodeNegated(cursor, field)
}

/** A share: positive in the sense of the booking's net amount, whose sign is put before it; or with the sign in it. */
export function encodeShare(row: Row, field: Field, {sources, netSign}: {sources: Sources; netSign: number}): Broken {
  const {cursor} = row
  if (point(row, sources.signedShare)) return encodeSignedDecimal(cursor, field)
  if (!point(row, sources.share)) return 'MissingValue'
  if (netSign >= 0) return encodeSignedDecimal(cursor, field)
  if (cursor.source[cursor.from] !== MINUS) return encodeNegated(cursor, field)
  cursor.from++
  return cursor.source[cursor.from] === MINUS ? 'NotANumber' : encodeDecimal(cursor, field)
}
