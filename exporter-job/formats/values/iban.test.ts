import {expect, test} from 'vitest'
import {isIban} from './iban.ts'

function check(text: string): boolean {
  const bytes = Buffer.from(`x${text}x`)
  return isIban(bytes, 1, bytes.length - 1)
}

test.each(['AT611904300234573201', 'DE89370400440532013000', 'GB82WEST12345698765432', 'NO9386011117947', 'MT84MALT011000012345MTLCAST001S'])('%s is one', (iban) => {
  expect(check(iban)).toBe(true)
})

test.each([
  ['digits in another order', 'AT611904300234573210'],
  ['other check digits', 'DE88370400440532013000'],
  ['blanks', 'AT61 1904 3002 3457 3201'],
  ['small letters', 'gb82west12345698765432'],
  ['nothing behind the check digits', 'DE89'],
  ['more than 34 characters', `DE89${'0'.repeat(31)}`],
  ['letters for check digits', 'DEXX370400440532013000'],
  ['no country', '12345678901234567890'],
  ['nothing', ''],
])('%s make none', (_, text) => {
  expect(check(text)).toBe(false)
})
