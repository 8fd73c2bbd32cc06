import { type Answers, hubspotAddress } from './questions.ts';

const variable = (name: string) => `\${${name}}`;

/** crm-kpi.yaml for the answers, annotated. */
export function settingsText(answers: Answers): string {
  const { timeZone = '', currency = '', language = '' } = answers;
  return `# Settings of crm-kpi. Try them with \`crm-kpi check\`; keys that are commented out show a default or an example.
# ${variable('NAME')} is taken from the environment or from .env beside this file (mode 0600): secrets never stand here.

timeZone: ${timeZone.padEnd(22)} # business time zone: decides in which period a fact falls
currency: ${currency.padEnd(22)} # reporting currency; all amounts are converted into it
language: ${language.padEnd(22)} # en | es: labels, reports, texts in the CRM
# weekStart: monday
# fiscalYearStart: 1             # month; quarters and years are fiscal everywhere

connections:
${connectionText(answers)}
# kpis: [win_rate, revenue_won]  # default: every KPI that has data
# segments: [company, team, owner]
# history: 24                    # months of results before the current one

${goalsText(answers)}
# publish:
#   periods: 3                   # the current one and the two before are kept up to date
#   kpis: goals                  # only KPIs that have goals; all, or a list
`;
}

function connectionText(answers: Answers): string {
  const { name = '', connector = '', publish } = answers;
  return `  ${quoteKey(name)}:
    connector: ${connector}
${addressLine(answers)}    auth:
${authLines(answers)
  .map((line) => `      ${line}\n`)
  .join('')}    # objects: [deals, activities, tickets]   # default: all that the CRM has
    # since: 2024-01-01          # ignore older records
    apiBudget: 20%               # of the daily limit of API calls that this job may use
    # fields:                    # organisation-specific sources of columns; other names become dimensions
    #   account.category: ${connector === 'salesforce' ? 'Segment__c' : 'segment'}
    publish: ${publish === 'yes' ? 'true ' : 'false'}               # whether results are written back as records
`;
}

/** Words and numbers that YAML would read as something else than text. */
function quoteKey(name: string): string {
  return /^(true|false|null|[\d.].*)$/i.test(name) ? JSON.stringify(name) : name;
}

function addressLine({ connector, url = '' }: Answers): string {
  if (connector === 'salesforce') return `    loginUrl: ${JSON.stringify(url)}   # the org's My Domain\n`;
  return url === hubspotAddress ? '' : `    baseUrl: ${JSON.stringify(url)}\n`;
}

function authLines({ connector, flow = '', username, privateKeyFile }: Answers): readonly string[] {
  const prefix = connector === 'salesforce' ? 'SF' : 'HUBSPOT';
  const id = `clientId: ${variable(`${prefix}_CLIENT_ID`)}`;
  const secret = `clientSecret: ${variable(`${prefix}_CLIENT_SECRET`)}`;
  const head = `flow: ${flow}`;
  if (flow === 'private_app') return [head, `accessToken: ${variable('HUBSPOT_TOKEN')}`];
  if (flow === 'jwt_bearer')
    return [
      head,
      id,
      `username: ${JSON.stringify(username)}`,
      `privateKeyFile: ${JSON.stringify(privateKeyFile)}`,
    ];
  if (`${connector} ${flow}` === 'salesforce authorization_code') return [head, id];
  return [head, id, secret];
}

function goalsText({ winRate = '-', openRate = '-', resolutionHours = '-' }: Answers): string {
  const goals = [
    ...(winRate === '-'
      ? []
      : [
          `  - kpi: win_rate
    every: month                 # day | week | month | quarter | year
    atLeast: ${winRate}                # or atMost: N, or between: [LO, HI]
    segments: [company, team, owner]
`,
        ]),
    ...(openRate === '-' ? [] : [`  - kpi: email_open_rate\n    every: month\n    atLeast: ${openRate}\n`]),
    ...(resolutionHours === '-'
      ? []
      : [
          `  - kpi: case_resolution_hours
    every: month
    atMost: ${resolutionHours}
    statistic: p50               # p50 | p90 | mean
`,
        ]),
  ];
  return goals.length === 0 ? 'goals: []\n' : `goals:\n${goals.join('')}`;
}
