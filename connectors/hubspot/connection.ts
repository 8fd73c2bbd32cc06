import type { Connection, OpenContext } from '../../src/model/connector.ts';
import { runChecks } from './check.ts';
import { planInstall } from './install.ts';
import { openSession, type Session, toAccount } from './session.ts';
import type { HubspotSettings } from './settings.ts';
import { listSources, requireSome, type Source } from './streams.ts';
import { saveTasks, taskStates } from './tasks.ts';
import { planUninstall } from './uninstall.ts';
import { acceptChanges, publishChanges } from './write.ts';

export async function openHubspot(context: OpenContext<HubspotSettings>): Promise<Connection> {
  const session = await openSession(context);
  const sources = rememberSources(session);
  return {
    account: () => toAccount(session),
    check: () => runChecks(session),
    streams: async () => requireSome(session, await sources()).map(({ stream }) => stream),
    read: async function* (stream, since, options) {
      const source = await findSource(sources, stream.name);
      options.signal.throwIfAborted();
      for await (const batch of source.read(since, options)) {
        options.signal.throwIfAborted();
        yield batch;
      }
    },
    count: async (stream) => (await findSource(sources, stream.name)).count(),
    estimate: async (stream, since) => (await findSource(sources, stream.name)).estimate(since),
    install: (target) => planInstall(session, target),
    accepts: (changes) => acceptChanges(session, changes),
    publish: (changes, target) => publishChanges(session, changes, target),
    saveTasks: (tasks) => saveTasks(session, tasks),
    taskStates: (remoteIds) => taskStates(session, remoteIds),
    uninstall: () => planUninstall(session),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Streams are probed once; a failed attempt is not remembered. */
function rememberSources(session: Session): () => Promise<readonly Source[]> {
  let known: Promise<readonly Source[]> | null = null;
  return () => {
    known ??= listSources(session).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

async function findSource(sources: () => Promise<readonly Source[]>, name: string): Promise<Source> {
  const source = (await sources()).find(({ stream }) => stream.name === name);
  if (!source) throw new Error(`no stream ${name}`);
  return source;
}
