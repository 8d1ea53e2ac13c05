// SAF-T, the audit file that authorities ask for, as a spec asks for it. What an authority wants is the exporter's business; here is what
// only the company knows.
import {z} from 'zod'
import {line, withRule} from '../fields.ts'

/** Authority and version, as exporter-job/formats/saft/profiles has them. */
export const SAFT_PROFILES = ['NO-1.30', 'RO-2.4.8', 'LU-2.01', 'PT-1.04_01'] as const

const Country = withRule(z.string().length(2), {
  cel: "self.matches('^[A-Z]{2}$')",
  message: 'must be an ISO 3166-1 code such as NO',
  test: (value) => /^[A-Z]{2}$/.test(value),
})

const Currency = withRule(z.string().length(3), {
  cel: "self.matches('^[A-Z]{3}$')",
  message: 'must be an ISO 4217 code such as NOK',
  test: (value) => /^[A-Z]{3}$/.test(value),
})

const Address = z.strictObject({
  street: line(200).optional().describe('Street.'),
  number: line(18).optional().describe('Number of the building.'),
  extra: line(70).optional().describe('What else the address needs.'),
  postalCode: line(18).optional().describe('Postal code.'),
  city: line(35).optional().describe('City.'),
  region: line(35).optional().describe('Region; Romania: the code of the county, such as RO-B.'),
  country: Country.optional().describe('ISO 3166-1 code of the country.'),
})

const Contact = z.strictObject({
  firstName: line(35).default('NotUsed').describe('First name; NotUsed where lastName holds the whole name.'),
  lastName: line(70).min(1).describe('Last name.'),
  telephone: line(18).optional().describe('Telephone.'),
  email: line(70).optional().describe('E-mail.'),
  website: line(60).optional().describe('Website.'),
})

const Company = z.strictObject({
  registrationNumber: line(35)
    .min(1)
    .describe('Number of the company: organisasjonsnummer, cod de înregistrare fiscală, matricule or registration number, NIPC.'),
  name: line(256).min(1).describe('Name of the company.'),
  vatNumber: line(35).optional().describe('VAT number as the authority writes it: 999999999MVA, RO12345678, LU12345678.'),
  address: Address.optional().describe('Address of the company; every authority but that of Norway requires street, city and country.'),
  contact: Contact.optional().describe('Whom the authority may ask; Norway, Romania and Luxembourg require it.'),
  iban: line(35).optional().describe('IBAN of the account that the company uses.'),
})

/** SAF-T in the version of an authority. */
export const SaftFormat = withRule(
  z.strictObject({
    profile: z
      .enum(SAFT_PROFILES)
      .describe(
        'Authority and version: NO-1.30 (Norway, Financial), RO-2.4.8 (Romania, D406), LU-2.01 (Luxembourg, FAIA, full), PT-1.04_01 (Portugal, accounting).',
      ),
    company: Company.describe('The company whose books these are.'),
    currency: Currency.optional().describe('Currency of the books; that of the country where it is left out.'),
    fiscalYearStartMonth: z.int().min(1).max(12).default(1).describe('First month of the fiscal year, from which accounting periods are counted.'),
    negativeAmounts: z
      .enum(['Error', 'SwapSide', 'Keep'])
      .default('Error')
      .describe('What to do with a negative debit or credit: refuse it, write it on the other side, or write it as it is (Portugal takes none).'),
    split: z
      .enum(['None', 'Month'])
      .default('None')
      .describe('None writes one file; Month one a calendar month, master files in the first (Norway, which takes no file longer than 2 GB).'),
    comment: line(255).optional().describe('HeaderComment. Romania: the kind of declaration, L monthly or T quarterly, NL and NT of those who are not resident.'),
    taxAccountingBasis: line(18)
      .optional()
      .describe("TaxAccountingBasis, where the authority has a choice (Romania: A, IFRS, BANK …; Luxembourg: free); A, or Portugal's C."),
    taxonomyReference: z.enum(['S', 'M', 'N', 'O']).default('S').describe('Portugal: TaxonomyReference, the taxonomy that the accounts follow.'),
    softwareCertificateNumber: z
      .int()
      .min(0)
      .max(999_999)
      .default(0)
      .describe("Portugal: number of the invoicing program's certificate; 0 where accounts come from one that has none."),
    productCompanyTaxId: line(20).optional().describe("Portugal: tax number of the program's maker; the company's own where it is left out."),
  }),
  {
    cel: "self.split == 'None' || self.profile.startsWith('NO-')",
    message: 'split may be Month for Norway only',
    test: ({split, profile}) => split === 'None' || profile.startsWith('NO-'),
  },
)
export type SaftFormat = z.infer<typeof SaftFormat>
