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

CREATE TABLE action_effect (
  action_id INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  recheck TEXT,
  report TEXT NOT NULL,
  PRIMARY KEY (action_id, as_of)
) STRICT, WITHOUT ROWID;

CREATE TABLE action_event (
  action_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  note TEXT,
  PRIMARY KEY (action_id, number)
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
  synced_at INTEGER NOT NULL, last_login_at INTEGER,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE actor_day (
  source_id TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  day TEXT NOT NULL,
  writes INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, actor_id, day)
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

CREATE TABLE actor_write (
  source_id TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step IN (1, -1))
) STRICT;

CREATE TABLE alert (
  key TEXT NOT NULL PRIMARY KEY,
  events TEXT NOT NULL,
  notice TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE api_call (
  source_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (source_id, hour)
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

CREATE TABLE backdated_deal (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
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

CREATE TABLE benefit_day (
  source_id TEXT NOT NULL,
  object TEXT NOT NULL,
  id TEXT NOT NULL,
  day TEXT NOT NULL,
  purpose TEXT,
  amount_minor INTEGER NOT NULL,
  currency TEXT,
  PRIMARY KEY (source_id, object, id, day)
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
  synced_at INTEGER NOT NULL, sessions INTEGER, new_contacts INTEGER, influenced_contacts INTEGER, attributed_deals INTEGER, attributed_minor INTEGER,
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

CREATE TABLE detection (
  as_of INTEGER PRIMARY KEY,
  -- What could not be looked at: a list of {detector, reason: {en, es}}.
  silences TEXT NOT NULL
) STRICT;

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
  synced_at INTEGER NOT NULL, origin TEXT, kpi TEXT, value_high REAL, statistic TEXT, segment TEXT, published_on TEXT, comparability TEXT,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_version (
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
  fields TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation (
  id INTEGER PRIMARY KEY,
  as_of INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER
, trend_limit REAL) STRICT;

CREATE TABLE evaluation_state (
  key TEXT NOT NULL,
  evaluation_id INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (key, evaluation_id)
) STRICT;

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

CREATE TABLE forgotten (
  source_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('owner', 'contact', 'email', 'name')),
  hash TEXT NOT NULL,
  pseudonym TEXT NOT NULL,
  label TEXT NOT NULL,
  words INTEGER NOT NULL,
  forgotten_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, kind, hash)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE own_task (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
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

CREATE TABLE purged (
  source_id TEXT NOT NULL,
  stream TEXT NOT NULL,
  "table" TEXT NOT NULL,
  id TEXT NOT NULL,
  amount_minor INTEGER,
  currency TEXT,
  PRIMARY KEY (source_id, "table", id)
) STRICT, WITHOUT ROWID;

CREATE TABLE refused (
  source_id TEXT NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (source_id, key)
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
, restatement TEXT, details TEXT) STRICT;

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

CREATE TABLE result_task (
  source_id TEXT NOT NULL,
  series TEXT NOT NULL,
  key TEXT NOT NULL,
  remote_id TEXT,
  hash TEXT NOT NULL,
  due_on TEXT,
  written_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, series)
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

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT,
  exit_code INTEGER,
  phases TEXT,
  error TEXT
, durations TEXT) STRICT;

CREATE TABLE schedule_job (
  id TEXT NOT NULL PRIMARY KEY,
  handled_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  exit_code INTEGER,
  passed_over TEXT
) STRICT, WITHOUT ROWID;

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
, fiscal_year_start INTEGER, fiscal_year_name TEXT) STRICT, WITHOUT ROWID;

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
  theirs INTEGER, columns TEXT, object TEXT, kept_from INTEGER, purged_before INTEGER,
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

CREATE TABLE ticket_agent (
  source_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  tickets INTEGER NOT NULL,
  PRIMARY KEY (source_id, owner_id)
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

CREATE TABLE told_field (
  source_id TEXT NOT NULL,
  object TEXT NOT NULL,
  field TEXT NOT NULL,
  PRIMARY KEY (source_id, object, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE touched (
  object TEXT NOT NULL,
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (object, source_id, id)
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

CREATE INDEX account_merged ON account (source_id, merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX action_by_finding ON action (finding);

CREATE INDEX activity_by_deal ON activity (source_id, deal_id) WHERE deal_id IS NOT NULL;

CREATE INDEX activity_by_person ON activity (source_id, person_id) WHERE person_id IS NOT NULL;

CREATE INDEX change_by_record ON change (source_id, object, record_id, at);

CREATE INDEX change_of_owner ON change (source_id, object, record_id, at, id, from_value, to_value, deleted_at, merged_into, is_test)
  WHERE field = 'owner_id' AND at IS NOT NULL;

CREATE INDEX contract_by_account ON contract (source_id, account_id, starts_on);

CREATE INDEX deal_by_account ON deal (source_id, account_id) WHERE account_id IS NOT NULL;

CREATE INDEX dimension_by_record ON dimension (source_id, object, record_id, name);

CREATE INDEX finding_by_id ON finding (id, as_of);

CREATE INDEX lead_by_contact ON lead (source_id, contact_id) WHERE contact_id IS NOT NULL;

CREATE INDEX purchase_by_account ON purchase (source_id, account_id, day, id);

CREATE INDEX purged_by_stream ON purged (source_id, stream);

CREATE INDEX result_newest_by_segment ON result_newest (segment_kind, segment_id, grain, period_start);

CREATE INDEX result_series ON result
  (kpi, grain, period_start, segment_kind, segment_source, segment_id, goal, as_of DESC, id DESC, evaluation_id);

CREATE INDEX result_trend ON result (kpi, grain, period_start) WHERE trend IS NOT NULL AND complete = 1;

CREATE INDEX survey_answer_by_ticket ON survey_answer (source_id, coalesce(ticket_id, id));
