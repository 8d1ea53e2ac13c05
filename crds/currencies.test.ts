import {describe, expect, it} from 'vitest'
import {CURRENCIES} from './currencies.ts'
import {Format} from './format.ts'

/** What was legal tender somewhere in 2026, by continent rather than by alphabet, so that a slip of the list is not repeated here. */
const IN_USE_2026 = {
  europe: 'ALL AMD AZN BAM BYN CHF CZK DKK EUR GBP GEL GIP HUF ISK MDL MKD NOK PLN RON RSD RUB SEK TRY UAH',
  africa:
    'AOA BIF BWP CDF CVE DJF DZD EGP ERN ETB GHS GMD GNF KES KMF LRD LSL LYD MAD MGA MRU MUR MWK MZN NAD NGN RWF SCR SDG SHP SLE SOS SSP STN ' +
    'SZL TND TZS UGX XAF XOF ZAR ZMW ZWG',
  asia:
    'AED AFN BDT BHD BND BTN CNY HKD IDR ILS INR IQD IRR JOD JPY KGS KHR KPW KRW KWD KZT LAK LBP LKR MMK MNT MOP MVR MYR NPR OMR PHP PKR QAR ' +
    'SAR SGD SYP THB TJS TMT TWD UZS VND YER',
  americas:
    'ARS AWG BBD BMD BOB BRL BSD BZD CAD CLP COP CRC CUP DOP FKP GTQ GYD HNL HTG JMD KYD MXN NIO PAB PEN PYG SRD SVC TTD USD UYU VED VES XCD XCG',
  oceania: 'AUD FJD NZD PGK SBD TOP VUV WST XPF',
}

function datev(currency: string): unknown {
  return {datev: {consultant: 1001, client: 456, currency}}
}

describe('the currencies', () => {
  it.each(Object.entries(IN_USE_2026))('hold all that are in use in %s', (_continent, codes) => {
    expect(codes.split(' ').filter((code) => !CURRENCIES.includes(code))).toEqual([])
  })

  it('hold past ones, for corrections of old years, and each once', () => {
    expect(['DEM', 'HRK', 'BGN', 'ANG', 'STD', 'MRO', 'SLL', 'ZWD'].filter((code) => !CURRENCIES.includes(code))).toEqual([])
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length)
    expect(CURRENCIES.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([])
  })

  it.each(['ABC', 'CHE', 'XAU', 'XTS', 'XXX', 'eur', 'EU'])('are what the stack\'s own currency is one of: not %s', (code) => {
    expect(Format.safeParse(datev('STN')).success).toBe(true)
    expect(JSON.stringify(Format.safeParse(datev(code)).error?.issues)).toContain('must be an ISO 4217 code such as EUR')
  })
})
