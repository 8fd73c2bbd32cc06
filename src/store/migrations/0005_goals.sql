-- Benefits spread over the days that they cover: hours saved at their rate, or an amount.
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

-- What is told beside the figures: parts without a target, bounds of what goes on, as JSON.
ALTER TABLE result ADD COLUMN details TEXT;

-- Entries that are there before are spread, too.
INSERT OR IGNORE INTO touched SELECT 'entry', source_id, id FROM entry;

-- Which columns a stream's reading fills, as the chosen KPIs need them.
ALTER TABLE stream ADD COLUMN columns TEXT;

-- Of all trends that an evaluation tested, those with a higher p are taken for chance (Benjamini-Hochberg).
ALTER TABLE evaluation ADD COLUMN trend_limit REAL;

CREATE INDEX result_trend ON result (kpi, grain, period_start) WHERE trend IS NOT NULL AND complete = 1;

-- Closed deals whose close date lies more than three days from the day on which they were moved there.
CREATE TABLE backdated_deal (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO touched SELECT 'deal', source_id, id FROM deal;
