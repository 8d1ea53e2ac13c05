// What is usual for a column of DATEV: the values that values/usual.ts writes without their encoder.
import type {Usual} from '../values/usual.ts'
import {dayLayout} from '../values/dates.ts'
import {CAREFUL, USUAL, usualCharacters} from '../values/usual.ts'
import type {PlainField} from './plan.ts'

const TEXT = usualCharacters('"')
const LAYOUTS = {shortDate: dayLayout('TTMM'), longDate: dayLayout('TTMMJJJJ')}
const LETTERS_OF_A_CURRENCY = 3

export function usualOf({operation, max, decimals, least, most, table, accepts}: PlainField): Usual {
  switch (operation) {
    case 'text':
    case 'transliteratedText':
      return {...CAREFUL, operation: USUAL.quotedText, max, table: TEXT, wide: 1}
    case 'utf8Text':
      return {...CAREFUL, operation: USUAL.quotedText, max, table: TEXT, wide: 2}
    case 'documentNumber':
      return {...CAREFUL, operation: USUAL.characters, max, table}
    case 'characters':
      return {...CAREFUL, operation: USUAL.characters, max, table, anyStart: true}
    case 'decimal':
      return {...CAREFUL, operation: USUAL.decimal, max, decimals, least, most}
    case 'account':
      // One digit more is a personal account, which does not begin with 0.
      return {...CAREFUL, operation: USUAL.digits, max: accepts === 'any' ? max + 1 : max, zeros: max}
    case 'taxKey':
      return {...CAREFUL, operation: USUAL.digits, max, zeros: max}
    case 'shortDate':
    case 'longDate':
      return {...CAREFUL, operation: USUAL.date, layout: LAYOUTS[operation]}
    case 'code':
      return max === LETTERS_OF_A_CURRENCY ? {...CAREFUL, operation: USUAL.code, table} : CAREFUL
    case 'personalAccount':
    case 'magnitude':
    case 'hundredths':
    case 'vatId':
    case 'vatCountry':
    case 'vatNumber':
    case 'iban':
    case 'choice':
    case 'documentLink':
      return CAREFUL
    default:
      return operation satisfies never
  }
}
