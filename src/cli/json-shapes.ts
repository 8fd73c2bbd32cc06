/** What a command prints with --json, where scripts read it; `?` may be missing, `|` is one of these. */
export interface JsonShape {
  /** Step or flag that it belongs to; none: the command itself. */
  readonly of?: string;
  readonly shape: string;
  readonly about?: string;
}

const segment = 'segment: {kind, id, name, source}';

const findingShape = `{id, detector, kind: "inefficiency" | "underuse", ${segment}, subject, title, rule, evidence: {NAME: value}, records: [{source, object, id, url, measure}], teams: [{source, id, name, num, den, low, high, named}], kpi, goal, reach, effort: "S" | "M" | "L", impact, urgency, priority, quadrant: "do_now" | "plan" | "quick_fix" | "watch", state: "open" | "closed", firstSeenAt, lastSeenAt, closedAt}`;

const actionShape = `{id, finding, detector, type: "training" | "configuration" | "automation" | "content" | "staffing", effort, state: "proposed" | "accepted" | "started" | "done" | "rejected", title: {en, es}, reason: {en, es}, hypothesis: {en, es}, kpi, goal, ${segment}, subject, owner: {source, id, name}, dueOn, startedOn, finishedOn, verdict: "improved" | "worsened" | "no_evidence" | "insufficient", recheck: "held" | "faded", task: {source, key, remoteId, problem}, measuredAt, plan: {fixedAt, kpi, definitionVersion, ${segment}, better, windowDays, before: {from, to}, washOutDays, minEffect, control, strata, clock, pickedAsWorst, exploratory}}`;

const sideShape = '{from, to, num, den, value, n, interval: {low, high}}';
const sizeShape = '{effect, low, high}';
const effectShape = `{action, title, hypothesis, verdict, recheck, method: "newcombe" | "hodges_lehmann" | "kaplan_meier" | "welch" | "binomial" | "behaviour_chart", p, before: ${sideShape}, after: ${sideShape}, size: ${sizeShape}, plain: ${sizeShape}, control: {segment, before, after, size}, mix: {kind, moved, standardised}, expected, detectable, recordsNeeded, minEffect, readyOn, joint: [id], notes: [name], headline, text: [sentence]}`;

const frozenResult =
  '{id, kpi, goal, label: {en, es}, period, periodStart, complete, unit, currency, value, target, status, movement, n, stage}';
const frozenFinding = '{id, title: {en, es}, priority, quadrant}';
const frozenAction =
  '{id, title: {en, es}, type, state, owner, dueOn, verdict, recheck, effect: {en, es}, measured: {kpi, label, segment, report: EFFECT, unit, currency, target, shape, change, remarks}}';
const reviewHead = 'id, openedAt, openedBy, asOf, closedAt, closedBy, nextOn, attendees, notes';
const changesShape = `{since, review, figures: [{before, now}], restated: [{before, now}], newFindings: [${frozenFinding}], closedFindings: [...], movedActions: [{action, from}], decisions}`;
const reviewShape = `{${reviewHead}, page: {on, results: [${frozenResult}], findings: [${frozenFinding}], actions: [${frozenAction}], changes: ${changesShape}}}`;

const entryShape =
  '{id, version, at, author, removed, kind, day, to, amount, currency, value, valueHigh, purpose, person, team, campaign, kpi, statistic, segment, published, comparability, origin, note}';

const streamShape =
  '{connection, object, rows, written, deleted, unavailable, error, complete: {ours, theirs, amounts?: [{currency, ours, theirs}]}}';
const failures = 'errors: [{kind, where, message, fix}]';
const planStep = '{change: "create" | "update" | "delete" | "none", what, note?, problem?}';
const inNative =
  'Figures of findings and effects are as computed: money in minor units, durations in hours, ratios 0 to 1.';

/** By command. */
export const jsonShapes: Readonly<Record<string, readonly JsonShape[]>> = {
  sync: [{ shape: `{id, outcome, exitCode, sync: [${streamShape}], ${failures}}` }],
  evaluate: [
    {
      shape: `{id, outcome, exitCode, evaluate: {evaluationId, asOf, kpis: [{kpi, results, appended, restated, withdrawn}], skipped: [{kpi, reason}]}, ${failures}}`,
    },
  ],
  publish: [
    {
      shape: `{id, outcome, exitCode, publish: {creates, updates, retires, deletes, unchanged, written, refused, tasks: {planned, written, refused}, storage: {records, bytes}, actionTasks}, ${failures}}`,
    },
    {
      of: '--dry-run',
      shape:
        '{creates, updates, retires, deletes, unchanged, written, refused, tasks: {planned: [{connection, change, key, subject}], written, refused}, storage: {records, bytes}, records: [{connection, key, change, fields}]}',
    },
  ],
  run: [{ shape: `{id, outcome, exitCode, sync: [...], evaluate: {...}, publish: {...}, ${failures}}` }],
  install: [
    {
      shape: `{steps: [${planStep}], applied: [${planStep}]}`,
      about: '`applied` is empty with --dry-run and where nothing is to be done.',
    },
  ],
  unpublish: [{ shape: `{steps: [${planStep}], applied: [${planStep}]}` }],
  findings: [
    { shape: `{asOf, findings: [${findingShape}], silences: [{detector, reason}]}`, about: inNative },
    { of: 'show', shape: findingShape },
  ],
  actions: [
    {
      shape: `[${actionShape}]`,
      about:
        'The same for propose, add, change, accept, start, finish and reject: the actions concerned. `owner`, `task`, `plan`, `verdict` and `recheck` are null until there is one.',
    },
    {
      of: 'show',
      shape: '{..., history: [{state, at, author, note}]}',
      about: 'One action as above, with what became of it.',
    },
    { of: 'effect', shape: effectShape, about: inNative },
  ],
  review: [
    {
      shape: reviewShape,
      about: '`page` is frozen when the review is opened. The same for open, show and close.',
    },
    { of: 'list', shape: `[{${reviewHead}}]` },
  ],
  entry: [{ shape: `[${entryShape}]`, about: '`history` lists every version of one entry.' }],
  feedback: [
    {
      shape: `{${segment}, since, audiences: [{audience: "customer" | "user", sent, answeredOfSent, answers, scored, satisfied, meanScore}], comments: [{audience, at, kind, score, scaleMax, comment}], commentsTotal}`,
    },
  ],
};
