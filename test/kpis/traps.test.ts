import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCases } from '../../src/cli/own-kpis/case-file.ts';

/** Known ways to get a figure wrong, and the case of a KPI (`kpi: case`) or the test of a CRM that names each. */
const traps: Readonly<Record<string, readonly string[]>> = {
  "HubSpot's clickthroughratio is clicks over opens": [
    'email_click_rate: is clickers over delivered for the documented 704, 443 and 8, not clicks over opens as clickthroughratio has it',
    'email_cto_rate: is what clickthroughratio says, 1.806 % of the documented 443 opens',
    'takes counters and never clickthroughratio, which is clicks over opens in per cent',
  ],
  'UniqueTrackedLinkClicks counts once per link': [
    'takes UniqueTrackedLinkClicks as they are, though each link counts its own, so that the rate may pass 1',
  ],
  'privacy opens and the bot filter': [
    'email_open_rate_adj: takes privacy opens out of both sides',
    'email_open_rate_adj: has no value where the source does not tell privacy opens apart',
    'leaves the adjusted open rate without a value: its statistics do not tell opens of the bot filter apart',
  ],
  'time_to_close is in milliseconds': [
    'computes times from dates: time_to_close and time_to_first_agent_reply are milliseconds, or null',
  ],
  'closedate is preset while a deal is open': [
    'counts no open deal as closed on its preset closedate, the last day of the month',
  ],
  'close dates are edited': [
    'deals_won: tells of a backdated deal, whose close date lies more than three days before somebody closed it',
  ],
  'hs_task_completion_date holds the due date while open': [
    'activities_completed: does not take an open task for done because its completion date holds the due date',
    'counts no open task as done on its hs_task_completion_date, which may be when it is due',
  ],
  'ForecastCategory has MostLikely, too': ['counts open deals of every forecast category, MostLikely too'],
  'ClosedDate empties on reopening': [
    'cases_closed: loses a case whose closed date was emptied by reopening, and has it again when it closes',
    'takes a case whose ClosedDate was emptied by reopening for open',
  ],
  'old activities are archived, parents of series are no work': [
    'counts archived activities, and never the parent of a series',
  ],
  'an owner who never lost has 0': ['win_rate: is 100 %, not 0, for an owner who never lost'],
  "a manager's win rate reaches 150 %": [
    'win_rate_value: never reaches 150 % for a manager, one of whose people won 100 and lost nothing while the other won 50 and lost 50',
  ],
  'no closed deal reads as 0 for some and null for others': ['win_rate: has no value without a closed deal'],
  'tasks are counted by when they are due': [
    'activities_completed: counts tasks by when they were done and only those, never by due date as tasks_completed elsewhere does',
  ],
  'days to close are negative': [
    'sales_cycle_hours: is closing less creation, never the other way round and so negative as days_to_close elsewhere is',
  ],
  'unreplied tickets are tested as below 0': [
    'first_response_hours: keeps an unreplied case waiting, and never takes its time for less than 0',
  ],
  'reopens are closures less one': [
    'reopen_rate: counts a case that was reopened and is still open, which closures less one would miss',
  ],
  'merged contacts duplicate': [
    'new_leads: counts contacts that were merged into one once, and duplicates nothing',
  ],
};

const folder = import.meta.dirname;
const ofCrms = readFileSync(join(folder, 'traps.long.test.ts'), 'utf8');

describe('has a case named after it:', () => {
  it.each(Object.entries(traps))('%s', (_, names) => {
    for (const name of names) {
      const [, kpi, text] = /^([a-z_]+): (.+)$/.exec(name) ?? [];
      const known = kpi
        ? readCases(join(folder, `${kpi}.yaml`)).some((one) => one.it === text)
        : ofCrms.includes(`it('${name}'`);
      expect(known, name).toBe(true);
    }
  });
});
