-- The newest row of each series, of finished evaluations: what pages read without searching the history.

CREATE TABLE result_newest (
  kpi TEXT NOT NULL,
  grain TEXT NOT NULL,
  segment_kind TEXT NOT NULL,
  segment_source TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  period_start TEXT NOT NULL,
  goal TEXT NOT NULL,
  id INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  PRIMARY KEY (kpi, grain, segment_kind, segment_source, segment_id, period_start, goal)
) STRICT, WITHOUT ROWID;

CREATE INDEX result_newest_by_segment ON result_newest (segment_kind, segment_id, grain, period_start);

INSERT INTO result_newest
SELECT kpi, grain, segment_kind, segment_source, segment_id, period_start, goal, id, as_of FROM (
  SELECT kpi, grain, segment_kind, segment_source, segment_id, period_start, goal, id, as_of, row_number() OVER (
    PARTITION BY kpi, grain, segment_kind, segment_source, segment_id, goal, period_start
    ORDER BY as_of DESC, id DESC) AS age
  FROM result WHERE evaluation_id IN (SELECT id FROM evaluation WHERE finished_at IS NOT NULL)
) WHERE age = 1;

-- Of a restated row: what moved it since the official one, as JSON by cause.
ALTER TABLE result ADD COLUMN restatement TEXT;

-- What a KPI's facts added up to in the last evaluation, so that the next one reads changed records only.
CREATE TABLE evaluation_state (
  key TEXT NOT NULL,
  evaluation_id INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (key, evaluation_id)
) STRICT;

CREATE INDEX activity_by_deal ON activity (source_id, deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX deal_by_account ON deal (source_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX change_of_owner ON change (source_id, object, record_id, at, id, from_value, to_value, deleted_at, merged_into, is_test)
  WHERE field = 'owner_id' AND at IS NOT NULL;
CREATE INDEX account_merged ON account (source_id, merged_into) WHERE merged_into IS NOT NULL;

-- Each day's count of required fields, and of those filled, of records that are open or new. '' stands for none.
CREATE TABLE field_fill (
  day TEXT NOT NULL,
  source_id TEXT NOT NULL,
  object TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  pipeline TEXT NOT NULL,
  required INTEGER NOT NULL,
  filled INTEGER NOT NULL,
  PRIMARY KEY (day, source_id, object, owner_id, pipeline)
) STRICT, WITHOUT ROWID;
