// Who and what the sample company deals with. SKR 03; every name is invented.
import type {Account, CostCenter, Partner} from './types.ts'

export const ACCOUNTS: readonly Account[] = [
  {number: 410, name: 'Geschäftsausstattung'},
  {number: 1000, name: 'Kasse'},
  {number: 1200, name: 'Bank'},
  {number: 1360, name: 'Geldtransit'},
  {number: 1400, name: 'Forderungen aus Lieferungen und Leistungen'},
  {number: 1574, name: 'Vorsteuer aus innergemeinschaftlichem Erwerb 19 %'},
  {number: 1576, name: 'Abziehbare Vorsteuer 19 %'},
  {number: 1590, name: 'Durchlaufende Posten'},
  {number: 1600, name: 'Verbindlichkeiten aus Lieferungen und Leistungen'},
  {number: 1740, name: 'Verbindlichkeiten aus Lohn und Gehalt'},
  {number: 1771, name: 'Umsatzsteuer 7 %'},
  {number: 1774, name: 'Umsatzsteuer aus innergemeinschaftlichem Erwerb 19 %'},
  {number: 1776, name: 'Umsatzsteuer 19 %'},
  {number: 1780, name: 'Umsatzsteuer-Vorauszahlungen'},
  {number: 2309, name: 'Sonstige Aufwendungen unregelmäßig'},
  {number: 3200, name: 'Wareneingang'},
  {number: 3400, name: 'Wareneingang 19 % Vorsteuer'},
  {number: 3425, name: 'Innergemeinschaftlicher Erwerb 19 %'},
  {number: 3736, name: 'Erhaltene Skonti 19 % Vorsteuer'},
  {number: 4120, name: 'Gehälter'},
  {number: 4210, name: 'Miete'},
  {number: 4240, name: 'Gas, Strom, Wasser'},
  {number: 4530, name: 'Laufende Kfz-Betriebskosten'},
  {number: 4600, name: 'Werbekosten'},
  {number: 4650, name: 'Bewirtungskosten'},
  {number: 4830, name: 'Abschreibungen auf Sachanlagen'},
  {number: 4910, name: 'Porto'},
  {number: 4920, name: 'Telefon'},
  {number: 4930, name: 'Bürobedarf'},
  {number: 4970, name: 'Nebenkosten des Geldverkehrs'},
  {number: 8120, name: 'Steuerfreie Umsätze § 4 Nr. 1a UStG'},
  {number: 8125, name: 'Steuerfreie innergemeinschaftliche Lieferungen'},
  {number: 8200, name: 'Erlöse'},
  {number: 8300, name: 'Erlöse 7 % USt'},
  {number: 8400, name: 'Erlöse 19 % USt'},
  {number: 8736, name: 'Gewährte Skonti 19 % USt'},
]

export const COST_CENTERS: readonly [CostCenter, ...CostCenter[]] = [
  {code: 'WERK', name: 'Werkstatt Husum'},
  {code: 'LADEN', name: 'Ladengeschäft Süderstraße'},
  {code: 'NETZ', name: 'Versandhandel'},
  {code: 'VERW', name: 'Verwaltung'},
]

const STREETS = ['Süderstraße', 'Am Deich', 'Große Gasse', 'Hafenweg', 'Königsallee', 'Mühlenberg']

type Entry = readonly [name: string, city: string, country?: string, vatId?: string]

const DEALERS: readonly Entry[] = [
  ['Zweirad Jürgens e. K.', 'Flensburg'],
  ['Fahrradhaus Groß & Söhne', 'Kiel'],
  ['Radstation Lübeck GmbH', 'Lübeck'],
  ['Bike-Eck "Zum Sattel"', 'Hamburg'],
  ['Pedalwerk Köln UG', 'Köln'],
  ['Stadtrad Gießen eG', 'Gießen'],
  ["Opa Heinrich's Räder", 'Bremen'],
  ['Weißenburger Zweiradcenter', 'Weißenburg'],
  ['Hotel Dünenblick; Radverleih', 'Sankt Peter-Ording'],
  ['Kommunaler Eigenbetrieb Fuhrpark', 'Münster'],
  ['Lastenrad-Verbund Öresund', 'Heide'],
  ['Tandem & Töchter', 'Görlitz'],
]

const CUSTOMERS_ABROAD: readonly Entry[] = [
  ['Sørensen Cykler ApS', 'Aabenraa', 'DK', 'DK12345678'],
  ['Vélo Lémanique Sàrl', 'Lausanne', 'CH'],
  ['Tulpen Fietsen B.V.', 'Groningen', 'NL', 'NL123456789B01'],
  ['Donauradler GmbH', 'Linz', 'AT', 'ATU12345678'],
  ['Harbor Cargo Bikes LLC', 'Portland', 'US'],
]

const SUPPLIERS: readonly Entry[] = [
  ['Nordrohr Rahmenbau GmbH', 'Rendsburg'],
  ['Bremsen-Möller OHG', 'Schweinfurt'],
  ['Kettenschmiede Thüringen AG', 'Ruhla'],
  ['Lack & Pulver Süd GmbH', 'Nürnberg'],
  ['Elbspedition Voß', 'Hamburg'],
  ['Papier-Kröger', 'Husum'],
  ['Stadtwerke Nordhusum', 'Husum'],
  ['Funknetz Küste GmbH', 'Heide'],
  ['Druckerei "Schöne Seite"', 'Schleswig'],
  ['Tankhof Petersen', 'Husum'],
]

const SUPPLIERS_ABROAD: readonly Entry[] = [
  ['Officina Sella S.r.l.', 'Vicenza', 'IT', 'IT12345678901'],
  ['Ostrava Ložiska s.r.o.', 'Ostrava', 'CZ', 'CZ12345678'],
  ['Taichung Hub Works Ltd.', 'Taichung', 'TW'],
]

export const PARTNERS: readonly Partner[] = [
  ...partners('customer', 10_000, DEALERS),
  ...partners('customer', 20_000, CUSTOMERS_ABROAD),
  ...partners('supplier', 70_000, SUPPLIERS),
  ...partners('supplier', 80_000, SUPPLIERS_ABROAD),
]

/** The partners of that kind in (or outside) Germany. */
export function partnersOf(kind: Partner['kind'], where: 'inland' | 'abroad'): readonly [Partner, ...Partner[]] {
  const [first, ...rest] = PARTNERS.filter((partner) => partner.kind === kind && (partner.country === 'DE') === (where === 'inland'))
  if (first === undefined) throw new RangeError(`there is no ${kind} ${where}`)
  return [first, ...rest]
}

function partners(kind: Partner['kind'], firstNumber: number, entries: readonly Entry[]): Partner[] {
  return entries.map(([name, city, country = 'DE', vatId], index) => ({
    number: firstNumber + index + 1,
    kind,
    name,
    street: `${STREETS[index % STREETS.length]} ${1 + ((index * 7) % 40)}`,
    // Of our invention, as everything here: five digits.
    postalCode: String(24_000 + firstNumber / 1000 + index * 101),
    city,
    country,
    ...(vatId !== undefined && {vatId}),
  }))
}
