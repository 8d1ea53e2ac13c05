// A row that fills each of the 125 columns, with what the file must then hold.

interface Example {
  /** As the dataset has it. */
  readonly value: string
  /** As the file has it. */
  readonly written: string
}

const same = (value: string): Example => ({value, written: value})

const GUID = '0f8fad5b-d9cd-469f-a165-70867728950e'

const SPECIAL: Readonly<Record<number, Example>> = {
  1: {value: '9999999999.99', written: '9999999999,99'},
  2: same('H'),
  3: same('USD'),
  4: {value: '1.0837', written: '1,083700'},
  5: {value: '12.3', written: '12,30'},
  6: same('EUR'),
  7: same('70123'),
  8: same('4400'),
  9: same('9'),
  10: {value: '2026-10-05', written: '0510'},
  11: same('RE-2026/0815'),
  12: same('310126'),
  13: {value: '0.50', written: '0,50'},
  14: same('Müller & Söhne; "Größe" 5 € – ½'),
  15: {value: 'f', written: '0'},
  17: same('1'),
  18: same('31'),
  19: {value: 't', written: '1'},
  20: same(`BEDI "${GUID}"`),
  39: {value: '5', written: '5,0000'},
  40: same('ATU12345678'),
  41: {value: '20.00', written: '20,00'},
  42: same('I'),
  43: same('7'),
  44: same('12'),
  45: same('1'),
  46: same('22'),
  47: same('333'),
  88: same('12345678'),
  89: {value: '1.25', written: '1,25'},
  90: same('3'),
  92: same('2026'),
  93: {value: '2026-11-30', written: '30112026'},
  94: same('2'),
  96: same('SR'),
  97: same('19'),
  98: same('FR'),
  99: same('888'),
  100: {value: '5.5', written: '5,50'},
  101: same('8400'),
  102: same('SV'),
  104: {value: '2026-10-06', written: '06102026'},
  106: same('1'),
  108: same('0042'),
  111: {value: '2026-12-31', written: '31122026'},
  113: same('1'),
  114: same('0'),
  115: {value: '2026-10-01', written: '01102026'},
  116: {value: '2026-10-02', written: '02102026'},
  117: {value: '2026-11-04', written: '04112026'},
  118: {value: 't', written: '1'},
  119: {value: '19', written: '19,00'},
  120: same('CH'),
  122: same('5'),
  123: same('EL'),
  124: {value: '24', written: '24,00'},
  125: same('2650'),
}

/** By position: a value for each column; free texts differ from column to column, so that a mix-up shows. */
export const EVERY_COLUMN: readonly Example[] = Array.from({length: 125}, (_, index) => SPECIAL[index + 1] ?? same(`T${index + 1}`))
