export type Counters = Readonly<Record<string, number>>;

export const noCounters: Counters = {};

const names = [
  'sent',
  'delivered',
  'open',
  'click',
  'reply',
  'bounce',
  'hardbounced',
  'softbounced',
  'unsubscribed',
  'spamreport',
  'dropped',
  'selected',
  'suppressed',
  'pending',
  'contactslost',
  'notsent',
];

/** All counters, those that are not given as zero. */
export function fillCounters(given: Counters): Counters {
  return Object.fromEntries(names.map((name) => [name, given[name] ?? 0]));
}

export function addCounters(all: readonly Counters[]): Counters {
  return Object.fromEntries(
    names.map((name) => {
      let sum = 0;
      for (const counters of all) sum += counters[name] ?? 0;
      return [name, sum];
    }),
  );
}

/** Percent, not shares. */
export function counterRatios(counters: Counters): Counters {
  const percent = (part: string, whole: string) => {
    const of = counters[whole] ?? 0;
    return of === 0 ? 0 : (100 * (counters[part] ?? 0)) / of;
  };
  return {
    deliveredratio: percent('delivered', 'sent'),
    openratio: percent('open', 'delivered'),
    clickratio: percent('click', 'delivered'),
    clickthroughratio: percent('click', 'open'),
    replyratio: percent('reply', 'delivered'),
    bounceratio: percent('bounce', 'sent'),
    hardbounceratio: percent('hardbounced', 'sent'),
    softbounceratio: percent('softbounced', 'sent'),
    unsubscribedratio: percent('unsubscribed', 'delivered'),
    spamreportratio: percent('spamreport', 'delivered'),
    pendingratio: percent('pending', 'sent'),
    contactslostratio: percent('contactslost', 'delivered'),
    notsentratio: percent('notsent', 'selected'),
  };
}
