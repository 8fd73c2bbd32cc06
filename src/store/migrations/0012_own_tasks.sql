-- Tasks that crm-kpi wrote itself, for good: the rows that wrote them go when their episode is over.

CREATE TABLE own_task (
  source_id TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (source_id, id)
) STRICT, WITHOUT ROWID;

INSERT INTO own_task SELECT source_id, remote_id FROM result_task WHERE remote_id IS NOT NULL;
INSERT OR IGNORE INTO own_task
  SELECT task_source, task_remote_id FROM action WHERE task_source IS NOT NULL AND task_remote_id IS NOT NULL;
UPDATE activity SET is_test = 1 WHERE (source_id, id) IN (SELECT source_id, id FROM own_task);
