import { expect, it } from 'vitest';
import { nextState } from '../../src/improve/actions.ts';
import { proposeActions, teamGap } from '../../src/improve/propose.ts';
import { knownDetectors, remediesFor } from '../../src/improve/remedies.ts';
import type { Finding, FindingTeam } from '../../src/model/finding.ts';

const finding: Finding = {
  id: 'response_lag|company|Saturday 9-14 h',
  detector: 'response_lag',
  kind: 'inefficiency',
  segment: { kind: 'company', id: null, name: null, source: null },
  subject: null,
  title: { en: '', es: '' },
  rule: { en: '', es: '' },
  evidence: {},
  records: [],
  teams: [],
  kpi: null,
  goal: null,
  reach: 1,
  effort: 'M',
  impact: 50,
  urgency: 50,
  priority: 25,
  quadrant: 'do_now',
};

function team(id: string, num: number, den: number): FindingTeam {
  return { source: 'crm', id, name: `Team ${id}`, num, den, low: 0, high: 1, named: false };
}

function propose(changed: Partial<Finding>) {
  const [action] = proposeActions({
    findings: [{ ...finding, ...changed }],
    actions: [],
    results: [],
    kpis: [],
    currency: 'EUR',
    today: '2026-11-01',
    again: false,
  });
  if (!action) throw new Error('nothing proposed');
  return action;
}

const records = Array.from({ length: 20 }, (_, i) => ({
  source: 'crm',
  table: 'deal' as const,
  id: `${i}`,
  measure: null,
}));

it.each([
  ['the hours are named', { subject: 'saturday', evidence: { late_when: 'saturday 09-14' } }, 'staffing'],
  [
    'the best and the worst team differ with evidence',
    { teams: [team('A', 5, 50), team('B', 25, 50)] },
    'training',
  ],
  ['teams differ by no more than chance', { teams: [team('A', 5, 50), team('B', 8, 50)] }, 'automation'],
  ['teams are too small to say', { teams: [team('A', 0, 10), team('B', 9, 10)] }, 'automation'],
] as const)('slow replies, when %s', (_, changed, type) => {
  expect(propose(changed).type).toBe(type);
});

it('automates what repeats, and configures what everyone shares', () => {
  expect(propose({ detector: 'stalled_deals', records }).type).toBe('automation');
  expect(propose({ detector: 'stalled_deals', records: records.slice(0, 5) }).type).toBe('configuration');
});

it('writes an article for a category without one', () => {
  const { type, title } = propose({ detector: 'kb_gap', subject: 'Billing' });
  expect([type, title.es]).toEqual(['content', 'Un artículo para la categoría Billing']);
});

it('names the hours in the words of either language', () => {
  const { title } = propose({ subject: 'saturday', evidence: { late_when: 'saturday 09-14, sunday 00-24' } });
  expect(title).toEqual({
    en: 'Cover the hours Saturdays 09-14, Sundays 00-24',
    es: 'Cubrir las horas sábados 09-14, domingos 00-24',
  });
});

it('names the teams that differ', () => {
  const gap = teamGap([team('A', 5, 50), team('C', 20, 60), team('B', 25, 50)]);
  expect([gap?.best.id, gap?.worst.id]).toEqual(['A', 'B']);
  expect(propose({ teams: [team('A', 5, 50), team('B', 25, 50)] }).reason.en).toContain(
    'Team B 50 % (25/50)',
  );
});

it('has remedies for every detector, the last of which always holds', () => {
  for (const detector of knownDetectors()) {
    const last = remediesFor(detector).at(-1);
    expect([detector, last !== undefined]).toEqual([detector, true]);
  }
  expect(knownDetectors()).toHaveLength(24);
});

it('tells what to do instead of a step that cannot be taken', () => {
  expect(nextState({ id: 3, state: 'accepted' }, 'start')).toBe('started');
  expect(() => nextState({ id: 3, state: 'proposed' }, 'finish')).toThrow(
    'Action 3 is proposed and cannot be done.',
  );
  expect(() => nextState({ id: 3, state: 'done' }, 'reject')).toThrow('cannot be rejected');
});
