import type { HttpAnswer, HttpRequest, LimitReport, RemotePolicy, Verdict } from '../../src/model/http.ts';
import { readFailure } from './failure.ts';

/**
 * Salesforce limits calls per rolling 24 hours (told by the Sforce-Limit-Info header) and, for calls longer than 20
 * seconds, 25 at a time, 5 in Developer and trial orgs (Limits Quick Reference: API Request Limits and Allocations).
 * Four at a time leaves one to the org's other programs even there.
 */
export const salesforcePolicy = {
  buckets: { token: { concurrency: 1 }, rest: { concurrency: 4 } },
  bucketOf: (request: HttpRequest) => (request.url.includes('/services/oauth2/') ? 'token' : 'rest'),
  observe: readLimitInfo,
  verdict: judgeAnswer,
} satisfies RemotePolicy;

export interface BulkLimits {
  /** Fewer records than this are sooner read by REST, 2,000 a call. */
  readonly fromRecords: number;
  readonly recordsPerSet: number;
  /** Sets of results that are fetched at a time; the policy's four calls leave room for what completes records. */
  readonly setsAtOnce: number;
  readonly pollMs: number;
  readonly longestPollMs: number;
}

/**
 * Salesforce advises the Bulk API above 2,000 records; a job costs a dozen calls and often a minute in the queue, which
 * twenty pages by REST do not.
 */
export const bulkLimits: BulkLimits = {
  fromRecords: 40_000,
  recordsPerSet: 50_000,
  setsAtOnce: 3,
  pollMs: 2_000,
  longestPollMs: 30_000,
};

function readLimitInfo(answer: HttpAnswer): LimitReport {
  const match = /(?:^|[\s;,])api-usage=(\d+)\/(\d+)/.exec(answer.headers['sforce-limit-info'] ?? '');
  if (!match) return {};
  return { daily: { used: Number(match[1]), limit: Number(match[2]) } };
}

function judgeAnswer(answer: HttpAnswer): Verdict {
  const { status } = answer;
  if (status === 403) return judgeForbidden(answer);
  // The same that comes as 503 elsewhere, and says nothing about the request.
  if (status === 400 && isPassing(answer)) return { kind: 'again' };
  // 420 is an edge page of an org that is being moved; nothing has reached the org itself.
  if (status === 429 || status === 420) return { kind: 'again', untouched: true };
  if (status === 406 && answer.text.trim() === '') return { kind: 'again' };
  if ([500, 502, 503, 504].includes(status)) return { kind: 'again' };
  // A maintenance page may come with any status that a JSON answer would have.
  if (status === 200 && isCutOff(answer)) return { kind: 'again' };
  if (isHtml(answer) && (status === 200 || status === 400 || status > 420)) return { kind: 'again' };
  return { kind: 'done' };
}

function judgeForbidden(answer: HttpAnswer): Verdict {
  const failure = readFailure(answer);
  if (failure.code !== 'REQUEST_LIMIT_EXCEEDED') return { kind: 'done' };
  if (/Concurrent/i.test(failure.detail)) return { kind: 'again', untouched: true };
  return {
    kind: 'stop',
    message: 'the Salesforce org has used up its API calls of the last 24 hours',
    fix: 'Nothing is lost: the next run goes on. Lower apiBudget, run less often, or ask Salesforce for more calls (Setup > Company Information shows the use).',
  };
}

function isPassing(answer: HttpAnswer): boolean {
  return /^(SERVER_UNAVAILABLE|UNABLE_TO_LOCK_ROW)$/.test(readFailure(answer).code);
}

/** A gateway that gives up in the middle may end the body as if it were whole. */
function isCutOff({ headers, text }: HttpAnswer): boolean {
  return (
    /json/i.test(headers['content-type'] ?? '') &&
    /[^}\]\s]\s*$/.test(text.slice(-20)) &&
    /^\s*[{[]/.test(text)
  );
}

function isHtml(answer: HttpAnswer): boolean {
  return (
    /^text\/html/i.test(answer.headers['content-type'] ?? '') ||
    /^\s*<(!doctype html|html)/i.test(answer.text)
  );
}
