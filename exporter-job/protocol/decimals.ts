// Sums of decimals as text, exact whatever their size and number of decimals.

/** "1.5" and "-0.25" as "1.25": as many decimals as the longest has. The texts are plain decimal numbers. */
export function addDecimals(texts: readonly string[]): string {
  const decimals = Math.max(0, ...texts.map((text) => (text.split('.')[1] ?? '').length))
  const sum = texts.reduce((total, text) => total + scaled(text, decimals), 0n)
  const digits = (sum < 0n ? -sum : sum).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  return `${sum < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`
}

function scaled(text: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}
