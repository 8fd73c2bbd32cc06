import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';

/** The next deployment of a package that matches ends with this one problem. */
export function failDeployment(
  org: SalesforceSandbox,
  matches: (body: string) => boolean,
  problem: { type: string; problem: string },
) {
  org.faults.push({
    matches: ({ method, path, body }) => {
      const isStart =
        method === 'POST' && path.endsWith('/deployRequest') && matches(body.toString('latin1'));
      return isStart;
    },
    times: 1,
    act: { status: 201, body: { id: '0Af000000000000AAA' } },
  });
  org.faults.push({
    matches: ({ path }) => path.includes('0Af000000000000AAA'),
    times: 1,
    act: {
      status: 200,
      body: {
        deployResult: {
          done: true,
          success: false,
          status: 'Failed',
          details: {
            componentFailures: [
              { componentType: problem.type, fullName: 'X', problem: problem.problem, problemType: 'Error' },
            ],
          },
        },
      },
    },
  });
}
/** Names of files stand in a zip as they are. */
export const holds = (file: string) => (body: string) => body.includes(file);
