-- The group in the settings' `objects`; rows whose last date lies before kept_from are not kept, and before
-- purged_before some were let go (epoch ms).
ALTER TABLE stream ADD COLUMN object TEXT;
ALTER TABLE stream ADD COLUMN kept_from INTEGER;
ALTER TABLE stream ADD COLUMN purged_before INTEGER;

-- Records that live in the CRM and were let go here: what the proof of completeness still needs to know of them.
CREATE TABLE purged (
  source_id TEXT NOT NULL,
  stream TEXT NOT NULL,
  "table" TEXT NOT NULL,
  id TEXT NOT NULL,
  amount_minor INTEGER,
  currency TEXT,
  PRIMARY KEY (source_id, "table", id)
) STRICT, WITHOUT ROWID;

CREATE INDEX purged_by_stream ON purged (source_id, stream);

-- Persons who asked to be forgotten: salted hashes of ids (owner, contact), addresses and names, and what stands in
-- their place. words: how many words the name has.
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
