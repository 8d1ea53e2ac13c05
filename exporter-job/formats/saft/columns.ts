// Whether a dataset has the columns that it must have, and no others: decided before its first row.
import {ACCOUNT_COLUMNS} from '../../datasets/accounts.ts'
import {DIMENSION_COLUMNS} from '../../datasets/dimensions.ts'
import {JOURNAL_LINE_COLUMNS} from '../../datasets/journal-lines.ts'
import {PARTNER_COLUMNS} from '../../datasets/partners.ts'
import {TAX_CODE_COLUMNS} from '../../datasets/tax-codes.ts'
import type {CanonicalType, ColumnDescription} from '../../datasets/types.ts'
import {PermanentFault} from '../../errors.ts'
import type {ColumnType, Dataset} from '../../sources/types.ts'
import {nearestNames} from '../suggest.ts'
import type {Plan} from './plan.ts'

const CANONICAL: Readonly<Record<string, readonly ColumnDescription[]>> = {
  journal_lines: JOURNAL_LINE_COLUMNS,
  accounts: ACCOUNT_COLUMNS,
  customers: PARTNER_COLUMNS,
  suppliers: PARTNER_COLUMNS,
  tax_codes: TAX_CODE_COLUMNS,
  cost_centers: DIMENSION_COLUMNS,
  projects: DIMENSION_COLUMNS,
}

/** Columns that are read for balances, and by no element. */
const BALANCES = ['opening_debit', 'opening_credit', 'closing_debit', 'closing_credit']

/**
 * Gives the columns that the profile has no place for.
 * Faults: PermanentFault UnknownColumn, MissingColumn, ColumnTypeRefused.
 */
export function requireShape(
  {name: dataset, columns}: Dataset,
  plans: readonly Plan[],
  profile: string,
  also: readonly string[] = BALANCES,
): string[] {
  const canonical = CANONICAL[dataset] ?? []
  for (const {name, type} of columns) {
    const column = canonical.find((each) => each.name === name)
    if (column === undefined)
      throw unknownColumn(
        dataset,
        name,
        canonical.map((each) => each.name),
      )
    if (refusedTypes(column.type).includes(type)) throw typeRefused(dataset, column, type)
  }
  const missing = plans.flatMap((plan) => plan.missing)
  if (missing.length > 0) {
    const list = missing.map(({column, path}) => `${column} (${path})`).join(', ')
    throw new PermanentFault('MissingColumn', `${dataset} lacks ${list}: ${profile} requires it in every row`)
  }
  const used = new Set([...also, ...plans.flatMap((plan) => [...plan.used])])
  return columns.map(({name}) => name).filter((name) => !used.has(name))
}

function unknownColumn(dataset: string, name: string, known: readonly string[]): PermanentFault {
  const nearest = nearestNames(name, known)
  const hint = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`
  return new PermanentFault(
    'UnknownColumn',
    `${dataset} has a column ${JSON.stringify(name)} that is not known${hint}: leave it out, or use a canonical name (docs/datasets.md)`,
  )
}

/** Types whose text form cannot be what the column needs. */
function refusedTypes(type: CanonicalType): readonly ColumnType[] {
  switch (type) {
    case 'decimal':
    case 'integer':
      return ['float', 'boolean', 'date', 'timestamp', 'timestamptz']
    case 'date':
      return ['timestamp', 'timestamptz', 'integer', 'numeric', 'float', 'boolean']
    case 'time':
      return ['timestamp', 'timestamptz', 'integer', 'numeric', 'float', 'boolean', 'date']
    case 'text':
    case 'account':
    case 'side':
      return ['float']
    case 'flag':
      return ['float', 'date', 'timestamp', 'timestamptz']
    default:
      return type satisfies never
  }
}

function typeRefused(dataset: string, {name, type}: ColumnDescription, given: ColumnType): PermanentFault {
  const wanted = type === 'decimal' ? 'numeric' : type
  const reason = given === 'float' ? 'a binary floating-point number is not exact' : `a ${given} does not fit`
  return new PermanentFault('ColumnTypeRefused', `${dataset}, column ${name} has type ${given}: ${reason}; cast it to ${wanted} in the query`)
}
