-- What an organisation says of itself: contracts, working hours, holidays, fiscal periods, use.

CREATE TABLE contract (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  account_id TEXT,
  owner_id TEXT,
  status TEXT,
  active INTEGER CHECK (active IN (0, 1)),
  starts_on TEXT,
  ends_on TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE working_hours (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  is_default INTEGER CHECK (is_default IN (0, 1)),
  active INTEGER CHECK (active IN (0, 1)),
  time_zone TEXT,
  weekday INTEGER,
  from_minute INTEGER,
  to_minute INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE holiday (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  day TEXT,
  from_minute INTEGER,
  to_minute INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fiscal_period (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  grain TEXT,
  label TEXT,
  from_on TEXT,
  to_on TEXT,
  is_standard INTEGER CHECK (is_standard IN (0, 1)),
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_use (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  folder TEXT,
  owner_id TEXT,
  last_run_at INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

ALTER TABLE actor ADD COLUMN last_login_at INTEGER;

-- First month of the fiscal year, and after which of its calendar years it is named (start, end).
ALTER TABLE source ADD COLUMN fiscal_year_start INTEGER;
ALTER TABLE source ADD COLUMN fiscal_year_name TEXT;

CREATE INDEX contract_by_account ON contract (source_id, account_id, starts_on);
