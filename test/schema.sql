CREATE TABLE account (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  category TEXT,
  country TEXT,
  owner_id TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE activity (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  kind TEXT,
  subject TEXT,
  owner_id TEXT,
  created_by_id TEXT,
  account_id TEXT,
  deal_id TEXT,
  ticket_id TEXT,
  person_id TEXT,
  starts_at INTEGER,
  due_on TEXT,
  done_at INTEGER,
  status TEXT,
  direction TEXT,
  automated INTEGER CHECK (automated IN (0, 1)),
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE actor (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  kind TEXT,
  name TEXT,
  email TEXT,
  active INTEGER CHECK (active IN (0, 1)),
  licensed INTEGER CHECK (licensed IN (0, 1)),
  role TEXT,
  manager_id TEXT,
  time_zone TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE actor_state (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  kind TEXT,
  active INTEGER CHECK (active IN (0, 1)),
  licensed INTEGER CHECK (licensed IN (0, 1)),
  role TEXT,
  PRIMARY KEY (source_id, id, from_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE article (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  category TEXT,
  published_at INTEGER,
  views INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE baseline (
  goal_version_id INTEGER NOT NULL,
  segment TEXT NOT NULL,
  num REAL,
  den REAL,
  value REAL,
  n INTEGER NOT NULL,
  periods INTEGER NOT NULL,
  from_on TEXT NOT NULL,
  definition_version TEXT NOT NULL,
  PRIMARY KEY (goal_version_id, segment)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  kind TEXT,
  parent_id TEXT,
  owner_id TEXT,
  starts_on TEXT,
  ends_on TEXT,
  cost_minor INTEGER,
  budget_minor INTEGER,
  currency TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_member (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  campaign_id TEXT,
  person_id TEXT,
  sent_at INTEGER,
  responded_at INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  object TEXT,
  record_id TEXT,
  field TEXT,
  at INTEGER,
  from_value TEXT,
  to_value TEXT,
  actor_id TEXT,
  origin TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cost_day (
  source_id TEXT NOT NULL,
  object TEXT NOT NULL,
  id TEXT NOT NULL,
  day TEXT NOT NULL,
  purpose TEXT,
  campaign_id TEXT,
  -- Where the campaign stands: costs may be entered in another connection.
  campaign_source_id TEXT,
  team_id TEXT,
  amount_minor INTEGER NOT NULL,
  currency TEXT,
  PRIMARY KEY (source_id, object, id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_span (
  source_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_on TEXT NOT NULL,
  number INTEGER NOT NULL,
  first_deal_id TEXT,
  last_on TEXT,
  year_before_last_on TEXT,
  reason TEXT NOT NULL,
  rule_version TEXT NOT NULL,
  PRIMARY KEY (source_id, account_id, from_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE deal (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  account_id TEXT,
  owner_id TEXT,
  created_by_id TEXT,
  pipeline TEXT,
  stage TEXT,
  type TEXT,
  amount_minor INTEGER,
  currency TEXT,
  cost_minor INTEGER,
  probability REAL,
  created_on TEXT,
  expected_close_at INTEGER,
  expected_close_on TEXT,
  closed_at INTEGER,
  closed_on TEXT,
  outcome TEXT,
  lost_reason TEXT,
  campaign_id TEXT,
  source TEXT,
  next_step TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE deal_state (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  outcome TEXT NOT NULL,
  pipeline TEXT,
  stage TEXT,
  amount_minor INTEGER,
  currency TEXT,
  probability REAL,
  expected_close_on TEXT,
  next_step TEXT,
  next_step_at INTEGER,
  owner_id TEXT,
  inferred INTEGER NOT NULL DEFAULT 0 CHECK (inferred IN (0, 1)),
  PRIMARY KEY (source_id, id, from_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE dimension (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  object TEXT,
  record_id TEXT,
  name TEXT,
  value TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE email_stat (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  campaign_id TEXT,
  owner_id TEXT,
  sent_at INTEGER,
  sent INTEGER,
  delivered INTEGER,
  opens_unique INTEGER,
  opens_unreliable INTEGER,
  clickers_unique INTEGER,
  bounced INTEGER,
  unsubscribed INTEGER,
  spam INTEGER,
  fetched_at INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  kind TEXT,
  day TEXT,
  from_on TEXT,
  to_on TEXT,
  amount_minor INTEGER,
  value REAL,
  currency TEXT,
  purpose TEXT,
  actor_id TEXT,
  team_id TEXT,
  campaign_id TEXT,
  note TEXT,
  author TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation (
  id INTEGER PRIMARY KEY,
  as_of INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

CREATE TABLE fx_rate (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  currency TEXT,
  day TEXT,
  rate_to_base REAL,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE goal (
  id TEXT NOT NULL PRIMARY KEY,
  kpi TEXT NOT NULL,
  every TEXT NOT NULL,
  current INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE goal_version (
  id INTEGER PRIMARY KEY,
  goal_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  valid_from TEXT,
  valid_to TEXT,
  definition TEXT NOT NULL,
  UNIQUE (goal_id, version)
) STRICT;

CREATE TABLE kpi_def (
  kpi TEXT NOT NULL,
  version TEXT NOT NULL,
  label_en TEXT NOT NULL,
  label_es TEXT NOT NULL,
  domain TEXT NOT NULL,
  unit TEXT NOT NULL,
  better TEXT NOT NULL,
  kind TEXT NOT NULL,
  sql TEXT NOT NULL,
  first_used_at INTEGER NOT NULL,
  PRIMARY KEY (kpi, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE lead (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  owner_id TEXT,
  source TEXT,
  status TEXT,
  first_campaign_id TEXT,
  converted_on TEXT,
  closed_at INTEGER,
  deal_id TEXT,
  contact_id TEXT,
  imported INTEGER CHECK (imported IN (0, 1)),
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE published (
  source_id TEXT NOT NULL,
  key TEXT NOT NULL,
  hash TEXT NOT NULL,
  remote_id TEXT,
  current INTEGER NOT NULL CHECK (current IN (0, 1)),
  written_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE purchase (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE refused (
  source_id TEXT NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE result (
  id INTEGER PRIMARY KEY,
  evaluation_id INTEGER NOT NULL,
  kpi TEXT NOT NULL,
  definition_version TEXT NOT NULL,
  grain TEXT NOT NULL,
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  period_label TEXT NOT NULL,
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  segment_kind TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  segment_source TEXT NOT NULL,
  segment_name TEXT,
  goal TEXT NOT NULL,
  goal_version INTEGER,
  unit TEXT NOT NULL,
  currency TEXT,
  num REAL,
  den REAL,
  value REAL,
  n INTEGER NOT NULL,
  n_missing INTEGER NOT NULL,
  statistic TEXT,
  p50 REAL,
  p90 REAL,
  mean REAL,
  status TEXT,
  evidence TEXT,
  movement TEXT,
  previous REAL,
  target REAL,
  target_lo REAL,
  target_hi REAL,
  baseline REAL,
  attainment REAL,
  gap_closed REAL,
  forecast REAL,
  forecast_low REAL,
  forecast_high REAL,
  trend TEXT,
  stage TEXT NOT NULL,
  flags TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  input_hash TEXT NOT NULL,
  supersedes INTEGER,
  state TEXT NOT NULL CHECK (state IN ('current', 'withdrawn'))
) STRICT;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT,
  exit_code INTEGER,
  phases TEXT,
  error TEXT
) STRICT;

CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  base_currency TEXT,
  time_zone TEXT,
  api_used INTEGER,
  api_limit INTEGER,
  api_resets_at INTEGER,
  api_calls INTEGER,
  api_seen_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE stage (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  object TEXT,
  pipeline TEXT,
  key TEXT,
  label TEXT,
  position INTEGER,
  is_closed INTEGER CHECK (is_closed IN (0, 1)),
  is_won INTEGER CHECK (is_won IN (0, 1)),
  probability REAL,
  is_paused INTEGER CHECK (is_paused IN (0, 1)),
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stage_visit (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  left_at INTEGER,
  passed_at INTEGER,
  pipeline TEXT,
  stage TEXT NOT NULL,
  position INTEGER,
  owner_id TEXT,
  inferred INTEGER NOT NULL CHECK (inferred IN (0, 1)),
  PRIMARY KEY (source_id, id, entered_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE stream (
  source_id TEXT NOT NULL,
  name TEXT NOT NULL,
  "table" TEXT NOT NULL,
  link TEXT,
  unavailable TEXT,
  comparable INTEGER NOT NULL,
  cursor TEXT,
  watermark INTEGER,
  last_success_at INTEGER,
  last_error TEXT,
  fix TEXT,
  ours INTEGER,
  theirs INTEGER,
  PRIMARY KEY (source_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE survey_answer (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  audience TEXT,
  kind TEXT,
  account_id TEXT,
  ticket_id TEXT,
  owner_id TEXT,
  channel TEXT,
  sent_at INTEGER,
  answered_at INTEGER,
  score REAL,
  scale_min REAL,
  scale_max REAL,
  comment TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE team (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  parent_id TEXT,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE team_member (
  source_id TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  team_id TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER,
  is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
  PRIMARY KEY (source_id, actor_id, team_id, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  name TEXT,
  account_id TEXT,
  owner_id TEXT,
  created_by_id TEXT,
  pipeline TEXT,
  status TEXT,
  priority TEXT,
  category TEXT,
  channel TEXT,
  is_closed INTEGER CHECK (is_closed IN (0, 1)),
  first_reply_at INTEGER,
  first_closed_at INTEGER,
  last_closed_at INTEGER,
  reopened_at INTEGER,
  due_at INTEGER,
  reply_count INTEGER,
  article_count INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  merged_into TEXT,
  is_test INTEGER CHECK (is_test IN (0, 1)) NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_state (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
  pipeline TEXT,
  status TEXT,
  priority TEXT,
  category TEXT,
  due_at INTEGER,
  owner_id TEXT,
  inferred INTEGER NOT NULL DEFAULT 0 CHECK (inferred IN (0, 1)),
  PRIMARY KEY (source_id, id, from_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE touched (
  object TEXT NOT NULL,
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (object, source_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX change_by_record ON change (source_id, object, record_id, at);

CREATE INDEX dimension_by_record ON dimension (source_id, object, record_id, name);

CREATE INDEX purchase_by_account ON purchase (source_id, account_id, day, id);

CREATE INDEX result_series ON result
  (kpi, grain, period_start, segment_kind, segment_source, segment_id, goal, as_of DESC, id DESC, evaluation_id);
