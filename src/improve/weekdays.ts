import type { Language } from '../model/kpi.ts';
import { type Reply, slowShare } from './response-cells.ts';

export const dayIds = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** As they stand after "on" and "los". */
export const dayNames: Readonly<Record<Language, readonly string[]>> = {
  en: ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'],
  es: ['domingos', 'lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábados'],
};

const fewestInHour = 3;

/** Weekdays and hours of creation in which more than one in ten replies is late: `saturday 09-18, sunday 00-24`. */
export function hourSpans(replies: readonly Reply[]): string | null {
  const late = Array.from({ length: 7 * 24 }, () => ({ num: 0, den: 0 }));
  for (const { weekday, hour, isSlow } of replies) {
    const cell = late[weekday * 24 + hour];
    if (!cell) continue;
    cell.den++;
    if (isSlow) cell.num++;
  }
  const spans = dayIds.flatMap((day, weekday) =>
    joinHours(late.slice(weekday * 24, weekday * 24 + 24)).map(
      ([from, to]) => `${day} ${pad(from)}-${pad(to)}`,
    ),
  );
  return spans.length > 0 ? spans.join(', ') : null;
}

/** Neighbouring late hours as one; hours without cases between them are bridged. */
function joinHours(
  hours: readonly { readonly num: number; readonly den: number }[],
): readonly [number, number][] {
  const spans: [number, number][] = [];
  let open = false;
  for (const [hour, { num, den }] of hours.entries()) {
    if (den === 0) continue;
    const last = spans.at(-1);
    const isLate = num / den > slowShare && (den >= fewestInHour || num === den);
    if (isLate && open && last) last[1] = hour + 1;
    else if (isLate) spans.push([hour, hour + 1]);
    open = isLate;
  }
  return spans;
}

function pad(hour: number): string {
  return String(hour).padStart(2, '0');
}
