import { expect, it } from 'vitest';
import { describeFailure } from '../../src/cli/report-failure.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { RunError } from '../../src/model/errors.ts';

const problem = {
  file: 'crm-kpi.yaml',
  line: 14,
  path: 'connections.sales.apiBudget',
  value: '140%',
  rule: 'must be between 1% and 100%',
  fix: 'set a share',
};

it('scripts get each problem of the settings by itself', () => {
  const other = { ...problem, line: 20, path: 'goals[0].every' };
  expect(describeFailure(new ConfigError([problem, other]))).toMatchObject({
    kind: 'config',
    where: 'crm-kpi.yaml:14',
    problems: [problem, other],
  });
});

it('other failures have no problems to list', () => {
  const error = new RunError('auth', { where: 'crm', message: 'no', fix: 'connect' });
  expect(describeFailure(error)).toEqual({ kind: 'auth', where: 'crm', message: 'no', fix: 'connect' });
});
