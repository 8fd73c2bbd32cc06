-- What lets a night follow single records where their KPIs compare them with all others.

-- Who created or changed records on which local day, and how often. first_at: the first time on that day.
CREATE TABLE actor_day (
  source_id TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  day TEXT NOT NULL,
  writes INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, actor_id, day)
) STRICT, WITHOUT ROWID;

-- What came (1) and went (-1) since actor_day was brought up to date.
CREATE TABLE actor_write (
  source_id TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step IN (1, -1))
) STRICT;

-- People and queues that ever had a ticket, and how many.
CREATE TABLE ticket_agent (
  source_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  tickets INTEGER NOT NULL,
  PRIMARY KEY (source_id, owner_id)
) STRICT, WITHOUT ROWID;

INSERT INTO ticket_agent
SELECT source_id, owner_id, count(DISTINCT id) FROM ticket_state WHERE owner_id IS NOT NULL GROUP BY source_id, owner_id;

-- Fields that a connection's records tell at all: where none does, nothing follows from an empty one.
CREATE TABLE told_field (
  source_id TEXT NOT NULL,
  object TEXT NOT NULL,
  field TEXT NOT NULL,
  PRIMARY KEY (source_id, object, field)
) STRICT, WITHOUT ROWID;

INSERT INTO told_field
SELECT DISTINCT source_id, 'ticket', 'first_reply_at' FROM ticket
WHERE first_reply_at IS NOT NULL AND deleted_at IS NULL AND merged_into IS NULL AND is_test = 0;

-- From a lead to what was done with it, and back.
CREATE INDEX activity_by_person ON activity (source_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX lead_by_contact ON lead (source_id, contact_id) WHERE contact_id IS NOT NULL;
-- All answers about one ticket.
CREATE INDEX survey_answer_by_ticket ON survey_answer (source_id, coalesce(ticket_id, id));
