import type { Language } from '../model/kpi.ts';
import type { OpenAlert } from '../model/operations.ts';
import type { StreamState } from '../model/store.ts';
import { words } from './words.ts';

/** Objects that were read once and cannot be any more: a permission was taken away, a file is gone. */
export function findUnavailable(
  streams: readonly StreamState[],
  {
    connections,
    language,
  }: { readonly connections: readonly { readonly name: string }[]; readonly language: Language },
): readonly OpenAlert[] {
  const lost = streams.filter(
    ({ unavailable, lastSuccessAt }) => unavailable !== null && lastSuccessAt !== null,
  );
  return connections.flatMap(({ name }) => {
    const ofConnection = lost.filter(({ connection }) => connection === name);
    const [first] = ofConnection;
    return first ? [{ key: `unavailable|${name}`, notice: describe(name, ofConnection, language) }] : [];
  });
}

function describe(connection: string, lost: readonly StreamState[], language: Language): OpenAlert['notice'] {
  const say = words[language];
  return {
    events: ['needs_person'],
    state: 'problem',
    title: say.needsPerson(connection),
    message: lost.map(({ stream, unavailable }) => `${stream}: ${unavailable}`).join(' '),
    fix: lost.map(({ fix }) => fix).find((fix) => fix !== null) ?? `crm-kpi check ${connection}`,
    since: Math.min(...lost.map(({ lastSuccessAt }) => lastSuccessAt ?? 0)),
  };
}
