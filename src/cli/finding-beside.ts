import { cardsFor, readCards } from '../improve/cards.ts';
import { readFeedback } from '../improve/feedback.ts';
import type { StoredFinding } from '../model/finding.ts';
import type { Language } from '../model/kpi.ts';
import { packageFile } from './places.ts';
import type { Workspace } from './wire.ts';

const dayMs = 86_400_000;
const feedbackDays = 180;
const commentsShown = 5;

const words = {
  en: {
    practice: 'Good practice',
    why: 'Why',
    first: 'First step',
    source: 'Source',
    comments: 'What people wrote about it',
  },
  es: {
    practice: 'Buena práctica',
    why: 'Por qué',
    first: 'Primer paso',
    source: 'Fuente',
    comments: 'Lo que se ha escrito al respecto',
  },
} as const satisfies Readonly<Record<Language, Readonly<Record<string, string>>>>;

/** What is read beside a finding: good practices for it, and the newest comments from its segment, on this screen alone. */
export async function textBeside(
  { store, settings }: Pick<Workspace, 'store' | 'settings'>,
  finding: StoredFinding,
): Promise<string> {
  const say = words[settings.language];
  const lines: string[] = [];
  for (const { rule, why, firstStep, source } of cardsFor(
    await readCards(packageFile('config', 'practices')),
    finding.detector,
  )) {
    lines.push('', `${say.practice}: ${rule[settings.language]}`);
    lines.push(`  ${say.why}: ${why[settings.language]}`);
    lines.push(`  ${say.first}: ${firstStep[settings.language]}`);
    lines.push(`  ${say.source}: ${source}`);
  }
  const until = finding.lastSeenAt;
  const span = { from: until - feedbackDays * dayMs, until, limit: commentsShown };
  const feedback = await readFeedback({ store, segment: finding.segment, ...span });
  const { comments = [], commentsTotal = 0 } = feedback ?? {};
  if (comments.length > 0) {
    lines.push(
      '',
      `${say.comments} (${comments.length}/${commentsTotal}, crm-kpi feedback --finding "${finding.id}"):`,
    );
    for (const { comment } of comments) lines.push(`  – ${comment.replace(/\s+/g, ' ')}`);
  }
  return lines.join('\n');
}
