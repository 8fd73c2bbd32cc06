import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RunError } from '../model/errors.ts';
import { readYaml } from './benchmark-file.ts';

const labels = z.strictObject({ en: z.string().min(1), es: z.string().min(1) });

const card = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]*$/),
  detectors: z.array(z.string()).min(1),
  rule: labels,
  why: labels,
  firstStep: labels,
  source: z.string().min(1),
});

/** A good practice: what to do, why it helps, how to begin, where it comes from. */
export type PracticeCard = z.output<typeof card>;

/** The cards of all files of a folder. */
export async function readCards(folder: string): Promise<readonly PracticeCard[]> {
  const cards: PracticeCard[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()) {
    const path = join(folder, name);
    const parsed = z.array(card).safeParse(await readYaml(path));
    if (parsed.success) cards.push(...parsed.data);
    else {
      const [issue] = parsed.error.issues;
      const where = `${path} ${issue?.path.join('.') ?? ''}`.trim();
      throw new RunError('config', {
        where,
        message: issue?.message ?? 'It is no list of cards.',
        fix: 'Correct the file.',
      });
    }
  }
  return cards;
}

export function cardsFor(cards: readonly PracticeCard[], detector: string): readonly PracticeCard[] {
  return cards.filter(({ detectors }) => detectors.includes(detector));
}
