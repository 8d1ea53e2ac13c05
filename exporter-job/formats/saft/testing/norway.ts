// The sample ledger as Norwegian books.
import {AWKWARD, sampleLedger} from './ledger.ts'
import type {ProfileSample, SampleFacts} from './ledger.ts'

export const NORWEGIAN: SampleFacts = {
  country: 'NO',
  foreign: 'EUR',
  taxes: [
    {code: '3', rate: '25', more: {standard_tax_code: '3'}},
    {code: '31', rate: '15.00', more: {standard_tax_code: '31', valid_from: '2019-01-01'}},
    {code: '1-K', rate: '12.50', more: {standard_tax_code: 'NA', base_share: '60'}},
  ],
  accounts: [
    ['1500', 'Kundefordringer', {grouping_category: 'balanseverdiForOmloepsmiddel', grouping_code: '1500'}],
    ['2400', 'Leverandørgjeld', {grouping_category: 'kortsiktigGjeld', grouping_code: '2400'}],
    ['1920', 'Bank', {grouping_category: 'balanseverdiForOmloepsmiddel', grouping_code: '1920'}],
    ['3000', 'Salgsinntekt <avgiftspliktig>', {grouping_category: 'salgsinntekt', grouping_code: '3000', created_on: '2020-01-01'}],
    ['4300', 'Innkjøp av varer', {grouping_category: 'varekostnad', grouping_code: '4300'}],
    ['2700', 'Utgående merverdiavgift', {grouping_category: 'kortsiktigGjeld', grouping_code: '2740'}],
    ['2710', 'Inngående merverdiavgift', {grouping_category: 'kortsiktigGjeld', grouping_code: '2740'}],
  ],
}

export const NORWEGIAN_SAMPLE: ProfileSample = {
  profile: 'NO-1.30',
  ledger: sampleLedger(NORWEGIAN),
  small: sampleLedger(NORWEGIAN, AWKWARD, 4),
  spec: {},
}
