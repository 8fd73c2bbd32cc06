import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { createZone } from '../../model/zone.ts';
import { flowChoices, setUpGuides } from './explain.ts';

export type Answers = Readonly<Record<string, string>>;

export interface Question {
  readonly id: string;
  /** Absent for secrets: the list of processes shows what stands on a command line. */
  readonly flag?: string;
  readonly ask: string;
  /** Told before the question. */
  readonly explain?: (answers: Answers) => string;
  readonly when?: (answers: Answers) => boolean;
  /** False: only its flag changes the fallback. */
  readonly isAsked?: (answers: Answers) => boolean;
  readonly choices?: (answers: Answers) => readonly (readonly [value: string, about: string])[];
  /** Taken on an empty line and by --yes; absent: there is none. */
  readonly fallback?: (answers: Answers) => string;
  /** What is wrong with an answer; null: nothing. */
  readonly check?: (text: string, place: { readonly folder: string }) => string | null;
  /** The answer lies in the environment or .env under this name, never in the settings. */
  readonly variable?: (answers: Answers) => string;
  readonly secret?: boolean;
}

export const hubspotAddress = 'https://api.hubapi.com';

const isSalesforce = ({ connector }: Answers) => connector === 'salesforce';
const flowOf = ({ connector, flow }: Answers) => `${connector} ${flow}`;
const always = (value: string) => () => value;

/** In the order in which they are asked. */
export const questions: readonly Question[] = [
  {
    id: 'connector',
    flag: '--connector <crm>',
    ask: 'Which CRM?',
    choices: () => [
      ['salesforce', ''],
      ['hubspot', ''],
    ],
    fallback: always('salesforce'),
  },
  {
    id: 'name',
    flag: '--name <name>',
    ask: 'A name of your choice for this connection',
    fallback: always('crm'),
    check: (text) =>
      /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(text) ? null : 'letters, digits, _, - and . only',
  },
  {
    id: 'url',
    flag: '--url <address>',
    ask: 'Address of the CRM; for Salesforce the My Domain of the org (Setup > My Domain), as https://acme.my.salesforce.com',
    // HubSpot has one address for all.
    isAsked: isSalesforce,
    fallback: (answers) => (isSalesforce(answers) ? 'https://login.salesforce.com' : hubspotAddress),
    check: checkUrl,
  },
  {
    id: 'flow',
    flag: '--sign-in <flow>',
    ask: 'How does crm-kpi sign in?',
    choices: ({ connector = '' }) => flowChoices[connector] ?? [],
    fallback: ({ connector = '' }) => flowChoices[connector]?.[0]?.[0] ?? '',
  },
  {
    id: 'clientId',
    flag: '--client-id <id>',
    ask: 'Client id (consumer key)',
    explain: (answers) => setUpGuides[flowOf(answers)] ?? '',
    when: ({ flow }) => flow !== 'private_app',
    variable: (answers) => (isSalesforce(answers) ? 'SF_CLIENT_ID' : 'HUBSPOT_CLIENT_ID'),
  },
  {
    id: 'clientSecret',
    ask: 'Client secret (consumer secret; not shown)',
    when: (answers) => /client_credentials|hubspot authorization_code/.test(flowOf(answers)),
    variable: (answers) => (isSalesforce(answers) ? 'SF_CLIENT_SECRET' : 'HUBSPOT_CLIENT_SECRET'),
    secret: true,
  },
  {
    id: 'accessToken',
    ask: 'The service key, or the token of the private app (not shown)',
    explain: (answers) => setUpGuides[flowOf(answers)] ?? '',
    when: ({ flow }) => flow === 'private_app',
    variable: always('HUBSPOT_TOKEN'),
    secret: true,
  },
  {
    id: 'username',
    flag: '--username <name>',
    ask: 'User name of the integration user',
    when: ({ flow }) => flow === 'jwt_bearer',
    check: (text) => (text.includes('@') ? null : 'a Salesforce user name looks like an e-mail address'),
  },
  {
    id: 'privateKeyFile',
    flag: '--key-file <path>',
    ask: 'File of the private key (PEM)',
    when: ({ flow }) => flow === 'jwt_bearer',
    fallback: always('./crm.key'),
    check: (text, { folder }) => (existsSync(resolve(folder, text)) ? null : 'a file that exists'),
  },
  {
    id: 'publish',
    flag: '--write-back <yes|no>',
    ask: 'Write the results back into the CRM, as records that managers see there?',
    choices: () => [
      ['yes', 'after `crm-kpi install`, which shows first what it will create'],
      ['no', 'read only'],
    ],
    fallback: always('yes'),
  },
  {
    id: 'timeZone',
    flag: '--time-zone <zone>',
    ask: 'Business time zone (decides in which day and month a fact falls)',
    fallback: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    check: checkZone,
  },
  {
    id: 'currency',
    flag: '--currency <code>',
    ask: 'Reporting currency (amounts are converted into it)',
    fallback: always('EUR'),
    check: (text) =>
      Intl.supportedValuesOf('currency').includes(text) ? null : 'a currency code such as EUR',
  },
  {
    id: 'language',
    flag: '--language <code>',
    ask: 'Language of labels and of the texts in the CRM',
    choices: () => [
      ['en', 'English'],
      ['es', 'español'],
    ],
    fallback: always('en'),
  },
  {
    id: 'winRate',
    flag: '--win-rate <share>',
    ask: 'Goal 1, sales conversion: won deals of all closed ones, per month at least (- for no goal)',
    explain: () =>
      '\n  Three goals to begin with. Change them in the settings once you see where you stand: results compares each month.',
    fallback: always('0.20'),
    check: checkShare,
  },
  {
    id: 'openRate',
    flag: '--open-rate <share>',
    ask: 'Goal 2, e-mail open rate: opened of delivered, per month at least (- for no goal)',
    fallback: always('0.25'),
    check: checkShare,
  },
  {
    id: 'resolutionHours',
    flag: '--resolution-hours <hours>',
    ask: 'Goal 3, case resolution: median hours until closed, per month at most (- for no goal)',
    fallback: always('24'),
    check: (text) => (text === '-' || Number(text) > 0 ? null : 'a number of hours such as 24, or -'),
  },
];

function checkUrl(text: string): string | null {
  const url = URL.parse(text);
  const here = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && here);
  return safe ? null : 'an https address';
}

function checkZone(text: string): string | null {
  try {
    return createZone(text).name === text ? null : 'an IANA time zone such as Europe/Madrid';
  } catch {
    return 'an IANA time zone such as Europe/Madrid';
  }
}

function checkShare(text: string): string | null {
  if (text === '-') return null;
  return Number(text) > 0 && Number(text) <= 1 ? null : 'a share between 0 and 1 such as 0.20, or -';
}

/** A flag for each question that is no secret. */
export function questionOptions(): readonly Option[] {
  return questions.flatMap(({ flag, ask }) => (flag === undefined ? [] : [new Option(flag, ask)]));
}

/** The name under which commander hands a flag over: `--time-zone <zone>` -> timeZone. */
export function optionName(flag: string): string {
  return new Option(flag).attributeName();
}
