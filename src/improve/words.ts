import { formatValue } from '../model/format.ts';
import type { Labels, Language } from '../model/kpi.ts';

/** Figures as people read them in one language. */
export interface Words {
  /** 0.43 -> 43 % */
  share(value: number): string;
  hours(value: number): string;
  days(value: number): string;
  count(value: number): string;
  /** Minor units of the reporting currency. */
  money(minor: number): string;
  number(value: number, digits: number): string;
}

function wordsIn(language: Language, currency: string): Words {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(language === 'es' ? 'es-ES' : 'en-GB', {
      maximumFractionDigits: digits,
      useGrouping: 'always',
    }).format(value);
  return {
    number,
    share: (value) => `${number(value * 100, Math.abs(value) < 0.1 ? 1 : 0)} %`,
    hours: (value) => formatValue(value, { unit: 'hours', currency: null, language }),
    days: (value) => number(value, 1),
    count: (value) => number(value, 0),
    money: (minor) => formatValue(minor, { unit: 'money', currency, language }),
  };
}

/** The same sentence in every language. */
export type Sentence = Readonly<Record<Language, (words: Words) => string>>;
export type Speak = (sentence: Sentence) => Labels;

export function createSpeech(currency: string): Speak {
  const [en, es] = [wordsIn('en', currency), wordsIn('es', currency)];
  return (sentence) => ({ en: sentence.en(en), es: sentence.es(es) });
}
