-- What is done about the findings, and what came of it.

CREATE TABLE action (
  id INTEGER PRIMARY KEY,
  finding TEXT,
  detector TEXT,
  type TEXT NOT NULL,
  effort TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'started', 'done', 'rejected')),
  title_en TEXT NOT NULL,
  title_es TEXT NOT NULL,
  reason_en TEXT NOT NULL,
  reason_es TEXT NOT NULL,
  hypothesis_en TEXT NOT NULL,
  hypothesis_es TEXT NOT NULL,
  kpi TEXT,
  goal TEXT,
  segment_kind TEXT NOT NULL,
  segment_id TEXT,
  segment_source TEXT,
  segment_name TEXT,
  subject TEXT,
  owner_source TEXT,
  owner_id TEXT,
  owner_name TEXT,
  due_on TEXT,
  -- Local days on which it was started and finished, and when its effect was last measured.
  started_on TEXT,
  finished_on TEXT,
  measured_at INTEGER,
  verdict TEXT,
  recheck TEXT,
  -- How its effect is to be measured, fixed when it was started (JSON).
  plan TEXT,
  -- The task in the CRM, where one was asked for.
  task_source TEXT,
  task_key TEXT,
  task_remote_id TEXT,
  task_problem TEXT
) STRICT;

CREATE INDEX action_by_finding ON action (finding);

CREATE TABLE action_event (
  action_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  note TEXT,
  PRIMARY KEY (action_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE action_effect (
  action_id INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  recheck TEXT,
  report TEXT NOT NULL,
  PRIMARY KEY (action_id, as_of)
) STRICT, WITHOUT ROWID;

-- Every version of what was entered by hand; the newest stands in entry.
CREATE TABLE entry_version (
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
  fields TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
  id INTEGER PRIMARY KEY,
  opened_at INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  next_on TEXT,
  attendees TEXT,
  -- The page as it was when the review was opened (JSON), with the ids of its results.
  page TEXT NOT NULL,
  notes TEXT
) STRICT;

ALTER TABLE entry ADD COLUMN origin TEXT;
ALTER TABLE entry ADD COLUMN kpi TEXT;
ALTER TABLE entry ADD COLUMN value_high REAL;
ALTER TABLE entry ADD COLUMN statistic TEXT;
ALTER TABLE entry ADD COLUMN segment TEXT;
ALTER TABLE entry ADD COLUMN published_on TEXT;
ALTER TABLE entry ADD COLUMN comparability TEXT;
