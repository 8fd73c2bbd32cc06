import type { StoredFinding } from '../model/finding.ts';
import type { Language } from '../model/kpi.ts';
import type { Linker } from './record-links.ts';

export type FindingJson = Awaited<ReturnType<typeof findingJson>>;

/** A finding as scripts read it: one language, instants ISO, each record with its page in the CRM. */
export async function findingJson(
  finding: StoredFinding,
  { language, link }: { readonly language: Language; readonly link: Linker },
) {
  const { title, rule, records, firstSeenAt, lastSeenAt, closedAt, ...rest } = finding;
  const linked = [];
  for (const record of records) {
    const { source, table, id, measure } = record;
    linked.push({ source, object: table, id, url: await link(record), measure });
  }
  return {
    ...rest,
    title: title[language],
    rule: rule[language],
    records: linked,
    state: closedAt === null ? 'open' : 'closed',
    firstSeenAt: new Date(firstSeenAt).toISOString(),
    lastSeenAt: new Date(lastSeenAt).toISOString(),
    closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
  };
}
