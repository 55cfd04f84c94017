-- except benign nulls: entries.reversed_by
-- except benign duplicates: entries.month
-- Double-entry bookkeeping: domains, signs, sums, a currency table, one row per period.
CREATE DOMAIN amount AS numeric(18,4) CHECK (VALUE <> 0);
CREATE DOMAIN currency AS char(3) CHECK (VALUE = upper(VALUE) AND length(VALUE) = 3);
CREATE TABLE currencies (code currency PRIMARY KEY, digits smallint NOT NULL CHECK (digits BETWEEN 0 AND 4));
CREATE TABLE accounts (id bigserial PRIMARY KEY, number text NOT NULL UNIQUE CHECK (number ~ '^[1-9][0-9]{3}(\.[0-9]{2})?$'), currency currency NOT NULL REFERENCES currencies, parent_id bigint REFERENCES accounts CHECK (parent_id IS DISTINCT FROM id), kind text NOT NULL CHECK (kind IN ('asset', 'liability', 'equity')));
CREATE TABLE periods (year int NOT NULL CHECK (year >= 2000), month int NOT NULL CHECK (month BETWEEN 1 AND 12), closed_at timestamptz, PRIMARY KEY (year, month));
CREATE TABLE entries (
  id bigserial PRIMARY KEY, debit bigint NOT NULL REFERENCES accounts, credit bigint NOT NULL REFERENCES accounts, amount amount NOT NULL, fee amount,
  year int NOT NULL, month int NOT NULL, reversed_by bigint UNIQUE REFERENCES entries, note text,
  FOREIGN KEY (year, month) REFERENCES periods, CHECK (debit <> credit), CHECK (amount > 0), CHECK (fee IS NULL OR fee < amount)
);
