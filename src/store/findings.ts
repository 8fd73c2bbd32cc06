import type { SqlValue } from '../model/entities.ts';
import type { Effort, Finding, FindingKind, Quadrant, StoredFinding } from '../model/finding.ts';
import type { Detection, FindingStore } from '../model/store.ts';
import type { Handle } from './database.ts';

export type FindingReader = Omit<FindingStore, 'saveFindings'>;

/** Findings of each detection, whole; since when one is there and when it went is read off them. */
export function createFindingStore(handle: Handle): FindingStore {
  return {
    ...createFindingReader(handle),
    saveFindings: (asOf, found) => saveFindings(handle, asOf, found),
  };
}

export function createFindingReader(handle: Handle): FindingReader {
  return {
    latestDetection: (asOf) => latestDetection(handle, asOf),
    findings: (asOf, { all = false } = {}) => readFindings(handle, asOf, all),
    silences: (asOf) => {
      const at = latestDetection(handle, asOf);
      const text = handle
        .prepare<unknown[], string>('SELECT silences FROM detection WHERE as_of = ?')
        .pluck()
        .get(at);
      return text === undefined ? [] : JSON.parse(text);
    },
  };
}

function latestDetection(handle: Handle, asOf: number): number | null {
  return (
    handle
      .prepare<unknown[], number | null>('SELECT max(as_of) FROM detection WHERE as_of <= ?')
      .pluck()
      .get(asOf) ?? null
  );
}

function saveFindings(handle: Handle, asOf: number, { findings, silences }: Detection): void {
  const save = handle.transaction(() => {
    handle.prepare('DELETE FROM finding WHERE as_of = ?').run(asOf);
    handle
      .prepare(
        'INSERT INTO detection (as_of, silences) VALUES (?, ?) ON CONFLICT (as_of) DO UPDATE SET silences = excluded.silences',
      )
      .run(asOf, JSON.stringify(silences));
    for (const [place, finding] of findings.entries())
      insert(handle, { as_of: asOf, place, ...toRow(finding) });
  });
  save.immediate();
}

function insert(handle: Handle, row: Readonly<Record<string, SqlValue>>): void {
  const columns = Object.keys(row);
  const marks = columns.map((column) => `@${column}`).join(', ');
  handle.prepare(`INSERT INTO finding (${columns.join(', ')}) VALUES (${marks})`).run(row);
}

function toRow(finding: Finding): Readonly<Record<string, SqlValue>> {
  const { segment, title, rule } = finding;
  return {
    id: finding.id,
    detector: finding.detector,
    kind: finding.kind,
    segment_kind: segment.kind,
    segment_id: segment.id,
    segment_name: segment.name,
    segment_source: segment.source,
    subject: finding.subject,
    title_en: title.en,
    title_es: title.es,
    rule_en: rule.en,
    rule_es: rule.es,
    evidence: JSON.stringify(finding.evidence),
    records: JSON.stringify(finding.records),
    teams: JSON.stringify(finding.teams),
    kpi: finding.kpi,
    goal: finding.goal,
    reach: finding.reach,
    effort: finding.effort,
    impact: finding.impact,
    urgency: finding.urgency,
    priority: finding.priority,
    quadrant: finding.quadrant,
  };
}

/** Of each finding the newest row; first and last seen over all detections that are not later. */
const newestSql = `
  SELECT f.*, s.first_seen_at, s.last_seen_at,
    (SELECT min(d.as_of) FROM detection d WHERE d.as_of > s.last_seen_at AND d.as_of <= @at) AS closed_at
  FROM (
    SELECT id, min(as_of) AS first_seen_at, max(as_of) AS last_seen_at FROM finding WHERE as_of <= @at GROUP BY id
  ) s JOIN finding f ON f.id = s.id AND f.as_of = s.last_seen_at`;

function readFindings(handle: Handle, asOf: number, all: boolean): readonly StoredFinding[] {
  const at = latestDetection(handle, asOf);
  if (at === null) return [];
  const which = all ? '' : 'WHERE s.last_seen_at = @at';
  return handle
    .prepare<unknown[], Record<string, SqlValue>>(
      `${newestSql} ${which} ORDER BY s.last_seen_at DESC, f.place`,
    )
    .all({ at })
    .map(fromRow);
}

function fromRow(row: Readonly<Record<string, SqlValue>>): StoredFinding {
  const text = (column: string) => String(row[column]);
  const nullable = (column: string) => (row[column] === null ? null : text(column));
  const number = (column: string) => Number(row[column]);
  return {
    id: text('id'),
    detector: text('detector'),
    kind: text('kind') as FindingKind,
    segment: {
      kind: text('segment_kind'),
      id: nullable('segment_id'),
      name: nullable('segment_name'),
      source: nullable('segment_source'),
    },
    subject: nullable('subject'),
    title: { en: text('title_en'), es: text('title_es') },
    rule: { en: text('rule_en'), es: text('rule_es') },
    evidence: JSON.parse(text('evidence')),
    records: JSON.parse(text('records')),
    teams: JSON.parse(text('teams')),
    kpi: nullable('kpi'),
    goal: nullable('goal'),
    reach: number('reach'),
    effort: text('effort') as Effort,
    impact: number('impact'),
    urgency: number('urgency'),
    priority: number('priority'),
    quadrant: text('quadrant') as Quadrant,
    firstSeenAt: number('first_seen_at'),
    lastSeenAt: number('last_seen_at'),
    closedAt: row.closed_at === null ? null : number('closed_at'),
  };
}
