-- The bookings of schema.sql for MySQL and MariaDB, and the same view of them; double entry is left out.

CREATE TABLE accounts (
  number integer PRIMARY KEY,
  name   varchar(200) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE partners (
  number      integer PRIMARY KEY,
  kind        varchar(10) NOT NULL CHECK (kind IN ('customer', 'supplier')),
  name        varchar(200) NOT NULL,
  street      varchar(100) NOT NULL,
  postal_code varchar(10) NOT NULL,
  city        varchar(100) NOT NULL,
  country     char(2) NOT NULL,
  vat_id      varchar(20)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE cost_centers (
  code varchar(36) PRIMARY KEY,
  name varchar(200) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE bookings (
  id               bigint PRIMARY KEY,
  document_date    date NOT NULL,
  service_date     date,
  due_date         date,
  document_number  varchar(36) NOT NULL,
  reference        varchar(36),
  account          integer NOT NULL,
  contra_account   integer NOT NULL,
  side             varchar(6) NOT NULL CHECK (side IN ('debit', 'credit')),
  amount           decimal(15, 2) NOT NULL,
  currency         char(3) NOT NULL DEFAULT 'EUR',
  exchange_rate    decimal(10, 6),
  amount_in_euro   decimal(15, 2) NOT NULL,
  discount         decimal(15, 2),
  tax_key          varchar(4),
  cost_center      varchar(36) REFERENCES cost_centers (code),
  project          varchar(36),
  description      varchar(200) NOT NULL,
  cancels          bigint REFERENCES bookings (id),
  INDEX bookings_by_date (document_date, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

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
