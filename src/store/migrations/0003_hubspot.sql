-- What marketing tools attribute to a campaign.
ALTER TABLE campaign ADD COLUMN sessions INTEGER;
ALTER TABLE campaign ADD COLUMN new_contacts INTEGER;
ALTER TABLE campaign ADD COLUMN influenced_contacts INTEGER;
ALTER TABLE campaign ADD COLUMN attributed_deals INTEGER;
ALTER TABLE campaign ADD COLUMN attributed_minor INTEGER;

-- Tasks in the CRMs for results that turned off target, by series of results.
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
