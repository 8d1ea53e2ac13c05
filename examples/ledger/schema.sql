-- The books of "Deichläufer Fahrräder GmbH", Husum: a company of our invention, kept as a small business application would keep them.

CREATE TABLE accounts (
  number integer PRIMARY KEY,               -- SKR 03, four digits
  name   text NOT NULL
);

CREATE TABLE partners (
  number      integer PRIMARY KEY,          -- 10000–69999 customers, 70000–99999 suppliers: one digit more than an account
  kind        text NOT NULL CHECK (kind IN ('customer', 'supplier')),
  name        text NOT NULL,
  street      text NOT NULL,
  postal_code text NOT NULL,
  city        text NOT NULL,
  country     char(2) NOT NULL,
  vat_id      text
);

CREATE TABLE cost_centers (
  code text PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE bookings (
  id               bigint PRIMARY KEY,
  document_date    date NOT NULL,
  service_date     date,                    -- where it is not the document's date
  due_date         date,
  document_number  text NOT NULL,
  reference        text,                    -- the partner's own number
  account          integer NOT NULL,        -- an account or a partner
  contra_account   integer NOT NULL,
  side             text NOT NULL CHECK (side IN ('debit', 'credit')),  -- of account
  amount           numeric(15, 2) NOT NULL, -- gross, in currency
  currency         char(3) NOT NULL DEFAULT 'EUR',
  exchange_rate    numeric(10, 6),          -- units of currency for one euro; none for EUR
  amount_in_euro   numeric(15, 2) NOT NULL,
  discount         numeric(15, 2),          -- taken by whoever paid
  tax_key          text,                    -- none on accounts that reckon the tax by themselves
  cost_center      text REFERENCES cost_centers (code),
  project          text,
  description      text NOT NULL,
  cancels          bigint REFERENCES bookings (id)  -- set: this booking takes that one back
);

CREATE INDEX bookings_by_date ON bookings (document_date, id);

CREATE TABLE tax_codes (
  code text PRIMARY KEY,
  name text NOT NULL,
  rate numeric(5, 2) NOT NULL
);

-- The same bookings in double entry, as the company's program posts them: gross on a control account, net and tax apart.
CREATE TABLE journal_lines (
  booking_id      bigint NOT NULL REFERENCES bookings (id),
  line            integer NOT NULL,
  journal         text NOT NULL,            -- VK sales, EK purchases, ZB money, SO others
  posting_date    date NOT NULL,
  document_number text NOT NULL,
  text            text NOT NULL,
  account         integer NOT NULL REFERENCES accounts (number),
  side            text NOT NULL CHECK (side IN ('debit', 'credit')),
  amount          numeric(15, 2) NOT NULL,  -- in euro
  customer        integer REFERENCES partners (number),
  supplier        integer REFERENCES partners (number),
  tax_code        text REFERENCES tax_codes (code),
  tax_base        numeric(15, 2),
  tax_amount      numeric(15, 2),
  currency        char(3),                  -- of the first line, where it is not euro
  currency_amount numeric(15, 2),
  exchange_rate   numeric(10, 6),           -- units of currency for one euro
  cost_center     text REFERENCES cost_centers (code),
  PRIMARY KEY (booking_id, line)
);

CREATE INDEX journal_lines_by_date ON journal_lines (posting_date);

-- Both kinds of dataset stand on their own: neither is reckoned from the other by an export.

-- The same bookings under the names that a DATEV export knows (docs/datasets.md).
CREATE VIEW bookings_for_datev AS
SELECT
  b.id AS booking_id,
  b.amount,
  CASE b.side WHEN 'debit' THEN 'S' ELSE 'H' END AS debit_credit,
  b.currency,
  b.exchange_rate,
  CASE WHEN b.exchange_rate IS NOT NULL THEN b.amount_in_euro END AS base_amount,
  CASE WHEN b.exchange_rate IS NOT NULL THEN 'EUR' END AS base_currency,
  b.account,
  b.contra_account,
  b.tax_key,
  b.document_date,
  b.document_number,
  b.reference AS document_number_2,
  b.discount,
  b.description AS text,
  b.cost_center AS cost_center_1,
  b.project AS cost_center_2,
  b.due_date,
  b.service_date,
  CASE WHEN b.service_date IS NOT NULL THEN b.document_date END AS tax_period_date,
  p.vat_id,
  b.cancels IS NOT NULL AS reversal
FROM bookings b
LEFT JOIN partners p ON p.number = b.account AND p.kind = 'customer' AND p.country <> 'DE';

-- Double entry under the names of docs/datasets.md. The bigint orders as SAF-T wants: by journal, transaction, line.
CREATE VIEW journal_lines_for_export AS
SELECT
  l.journal AS journal_id,
  CASE l.journal WHEN 'VK' THEN 'Verkauf' WHEN 'EK' THEN 'Einkauf' WHEN 'ZB' THEN 'Zahlungen' ELSE 'Sonstiges' END AS journal_name,
  l.booking_id AS transaction_id,
  l.posting_date AS transaction_date,
  l.posting_date,
  l.posting_date AS entry_date,
  l.text AS transaction_text,
  l.line AS line_id,
  l.account,
  CASE l.side WHEN 'debit' THEN l.amount END AS debit,
  CASE l.side WHEN 'credit' THEN l.amount END AS credit,
  l.currency,
  l.currency_amount,
  -- Units of euro for one unit of currency.
  CASE WHEN l.exchange_rate IS NOT NULL THEN round(1 / l.exchange_rate, 6) END AS exchange_rate,
  l.text,
  l.customer AS customer_id,
  l.supplier AS supplier_id,
  l.document_number,
  l.tax_code,
  t.rate AS tax_rate,
  l.tax_base,
  l.tax_amount,
  l.cost_center
FROM journal_lines l
LEFT JOIN tax_codes t ON t.code = l.tax_code;
