// JSON numbers with an exponent, written out digit by digit: COPY's text has none, and a float would lose digits.

/** Beyond that a number is no amount of money, and written out it would only be long. */
const MAX_EXPONENT = 100

/** The number without its exponent, exactly; undefined where the exponent is too large. `text` keeps the grammar of RFC 8259. */
export function expandExponent(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = ''] = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(text)!
  const shift = Number(exponent)
  if (Math.abs(shift) > MAX_EXPONENT) return undefined
  const digits = whole + fraction
  const point = whole.length + shift
  const padded = '0'.repeat(Math.max(0, 1 - point)) + digits.padEnd(point, '0')
  const at = Math.max(1, point)
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '')
  const decimals = padded.slice(at)
  const expanded = decimals === '' ? integer : `${integer}.${decimals}`
  return /[1-9]/.test(digits) ? sign + expanded : expanded
}
