-- Calls of ours by the hour (epoch ms of its start): the API budget counts days, not runs.
CREATE TABLE api_call (
  source_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (source_id, hour)
) STRICT, WITHOUT ROWID;

-- handled_at: the latest due instant that was run or passed over.
CREATE TABLE schedule_job (
  id TEXT NOT NULL PRIMARY KEY,
  handled_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  exit_code INTEGER,
  passed_over TEXT
) STRICT, WITHOUT ROWID;

-- Problems that are open now.
CREATE TABLE alert (
  key TEXT NOT NULL PRIMARY KEY,
  events TEXT NOT NULL,
  notice TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Messages that have not arrived yet.
CREATE TABLE alert_message (
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  notice TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  tried_at INTEGER,
  problem TEXT
) STRICT;

ALTER TABLE run ADD COLUMN durations TEXT;
