import { RunError, type RunErrorKind } from '../../src/model/errors.ts';
import type { DeployEnd } from './deploy.ts';

const problemsShown = 5;

/** What the org refused, component by component, and who can mend it. */
export function explainDeploy(connection: string, end: DeployEnd): RunError {
  const problems = end.failures.map(({ name, problem }) => [name, problem].filter(Boolean).join(': '));
  const shown = problems.slice(0, problemsShown);
  const more = problems.length - shown.length;
  const told = shown.length > 0 ? shown.join('; ') + (more > 0 ? `; and ${more} more` : '') : end.error;
  const { kind, fix } = adviceFor(end, [...problems, end.error ?? ''].join(' '));
  return new RunError(kind, {
    where: `${connection} install`,
    message: `Salesforce refused the deployment (${end.status}): ${told ?? 'no reason given'}. Nothing of it was changed.`,
    fix,
  });
}

interface Advice {
  readonly kind: RunErrorKind;
  readonly fix: string;
}

function adviceFor(end: DeployEnd, text: string): Advice {
  if (/^Cancel/.test(end.status)) {
    return remote('Somebody cancelled it in Setup > Deployment Status: run `crm-kpi install` again.');
  }
  const known = advice.find(([pattern]) => pattern.test(text));
  if (known) return { kind: 'config', fix: known[1] };
  if (end.failures.length === 0) {
    return remote('Look at Setup > Deployment Status, then run `crm-kpi install` again.');
  }
  return { kind: 'config', fix: 'Correct what Salesforce names, then run `crm-kpi install` again.' };
}

function remote(fix: string): Advice {
  return { kind: 'remote', fix };
}

/** Texts of failing components (Metadata API Developer Guide: DeployResult), the most telling first. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /cannot change (field )?type|field type .*cannot be changed/i,
    'A field of that name has another type: rename or delete it in Setup, or set another `objectName`.',
  ],
  [
    /cannot deploy to a required field/i,
    'Somebody made the field required: open it in Setup > Object Manager and untick "Required", then install again.',
  ],
  [
    /no CustomField named/i,
    'The field was removed or renamed in Setup while installing: run `crm-kpi install` again, it is made anew.',
  ],
  [
    /cannot find folder/i,
    'The folder could not be made: look in Reports > All Folders for one of that name, then install again.',
  ],
  [
    /no (User|Group|Role) named/i,
    'What the folder is shared with is not in this org: install again, and share the folder in its own settings.',
  ],
  [
    /running ?user|dynamic dashboard|LoggedInUser/i,
    'Dynamic dashboards are limited in this edition: open a dashboard folder in Reports, and free one or do without.',
  ],
  [
    /no ReportType|invalid (report|dashboard) name/i,
    'Tick "Allow Reports" on the object in Setup > Object Manager, then install again.',
  ],
  [
    /non-empty label/i,
    'The object was removed while installing: run `crm-kpi install` again, it is made anew.',
  ],
  [/invalid version/i, 'Remove apiVersion from the connection, or set one that the org has.'],
  [
    /already a child relationship/i,
    'Another lookup to User has this relationship name: rename its Child Relationship Name in Setup.',
  ],
  [
    /(user|permission set) licen[cs]e/i,
    'Assign the permission set licence "Salesforce API Integration" to the integration user first, then install again.',
  ],
  [
    /not available (for|in) (this|your) organi[sz]ation|unknown type name/i,
    'This edition does not have it: install does without where it can.',
  ],
  [
    /insufficient access|permission|not permitted/i,
    'Run install as a user with "Customize Application" and "Modify Metadata Through Metadata API Functions"; `crm-kpi install NAME --as ADMIN` lets an admin connection do it.',
  ],
  [
    /limit|maximum number/i,
    'The org is at its limit (custom objects: about 50 in Professional, 200 in Enterprise): free one in Setup, then install again.',
  ],
];
