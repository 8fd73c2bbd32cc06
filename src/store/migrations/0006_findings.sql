-- What the detectors found at each evaluation, whole: readers take the latest one that is not after their as_of.

CREATE TABLE detection (
  as_of INTEGER PRIMARY KEY,
  -- What could not be looked at: a list of {detector, reason: {en, es}}.
  silences TEXT NOT NULL
) STRICT;

CREATE TABLE finding (
  as_of INTEGER NOT NULL,
  -- detector|segment kind:id|subject
  id TEXT NOT NULL,
  place INTEGER NOT NULL,
  detector TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('inefficiency', 'underuse')),
  segment_kind TEXT NOT NULL,
  segment_id TEXT,
  segment_name TEXT,
  segment_source TEXT,
  subject TEXT,
  title_en TEXT NOT NULL,
  title_es TEXT NOT NULL,
  rule_en TEXT NOT NULL,
  rule_es TEXT NOT NULL,
  -- Figures by name; the worst records; teams with their rates: JSON.
  evidence TEXT NOT NULL,
  records TEXT NOT NULL,
  teams TEXT NOT NULL,
  kpi TEXT,
  goal TEXT,
  reach REAL NOT NULL,
  effort TEXT NOT NULL CHECK (effort IN ('S', 'M', 'L')),
  impact REAL NOT NULL,
  urgency REAL NOT NULL,
  priority REAL NOT NULL,
  quadrant TEXT NOT NULL,
  PRIMARY KEY (as_of, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_by_id ON finding (id, as_of);
