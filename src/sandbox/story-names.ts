import type { Random } from './random.ts';

export interface PersonName {
  readonly first: string;
  readonly last: string;
}

const names: Readonly<
  Record<string, { readonly first: readonly string[]; readonly last: readonly string[] }>
> = {
  es: {
    first: [
      'Ana',
      'Carlos',
      'Elena',
      'Javier',
      'Lucía',
      'Miguel',
      'Nuria',
      'Pablo',
      'Raquel',
      'Sergio',
      'Teresa',
    ],
    last: [
      'García',
      'Navarro',
      'Ortega',
      'Ruiz',
      'Serrano',
      'Molina',
      'Castro',
      'Vidal',
      'Campos',
      'Ibáñez',
      'Rey',
    ],
  },
  fr: {
    first: [
      'Camille',
      'Étienne',
      'Julie',
      'Laurent',
      'Manon',
      'Nicolas',
      'Pauline',
      'Rémi',
      'Sophie',
      'Thomas',
    ],
    last: [
      'Bernard',
      'Dubois',
      'Fournier',
      'Girard',
      'Lambert',
      'Mercier',
      'Moreau',
      'Petit',
      'Roux',
      'Vincent',
    ],
  },
  de: {
    first: [
      'Anke',
      'Bernd',
      'Carla',
      'Dirk',
      'Frieda',
      'Jonas',
      'Katrin',
      'Lukas',
      'Miriam',
      'Stefan',
      'Ulrike',
    ],
    last: [
      'Becker',
      'Fischer',
      'Hartmann',
      'Keller',
      'Lang',
      'Möller',
      'Richter',
      'Schulz',
      'Vogel',
      'Winter',
    ],
  },
  pt: {
    first: ['Beatriz', 'Diogo', 'Inês', 'João', 'Mariana', 'Nuno', 'Rita', 'Tiago'],
    last: ['Almeida', 'Cardoso', 'Ferreira', 'Lopes', 'Moura', 'Pinto', 'Rocha', 'Teixeira'],
  },
};

const languages: Readonly<Record<string, string>> = {
  Spain: 'es',
  Portugal: 'pt',
  France: 'fr',
  Belgium: 'fr',
};

const starts = [
  'Al',
  'Ar',
  'Bel',
  'Cor',
  'Dal',
  'Er',
  'Fer',
  'Gal',
  'Her',
  'Lan',
  'Mar',
  'Nor',
  'Or',
  'Pal',
  'Quin',
];
const middles = ['ba', 'den', 'fi', 'go', 'ka', 'li', 'mon', 'na', 'ro', 'sa', 'ti', 've'];
const ends = ['dia', 'gen', 'lia', 'nor', 'ra', 'rix', 'sol', 'tec', 'va', 'via'];
const trades: Readonly<Record<string, readonly string[]>> = {
  Manufacturing: ['Components', 'Tooling', 'Plastics', 'Castings'],
  Logistics: ['Logistics', 'Freight', 'Warehousing'],
  Food: ['Foods', 'Dairy', 'Bakery'],
  Health: ['Clinics', 'Diagnostics', 'Medical'],
  Energy: ['Energy', 'Solar', 'Grid Services'],
  Retail: ['Retail', 'Stores', 'Wholesale'],
};
const legalForms: Readonly<Record<string, string>> = {
  Spain: 'S.L.',
  Portugal: 'Lda.',
  France: 'SAS',
  Belgium: 'BV',
  Netherlands: 'B.V.',
  Germany: 'GmbH',
  Austria: 'GmbH',
};

export const industries = Object.keys(trades);

export function makePersonName(random: Random, country: string): PersonName {
  const list = names[languages[country] ?? 'de'] ?? { first: ['Alex'], last: ['Weber'] };
  return { first: random.pick(list.first), last: random.pick(list.last) };
}

export interface CompanyName {
  readonly name: string;
  /** Under a top-level domain that is reserved for examples (RFC 2606). */
  readonly domain: string;
}

export type NameCompany = (industry: string, country: string) => CompanyName;

/** Company names, none given twice. */
export function createCompanyNames(random: Random): NameCompany {
  const given = new Map<string, number>();
  return (industry, country) => {
    const stem = `${random.pick(starts)}${random.pick(middles)}${random.pick(ends)}`;
    const base = `${stem} ${random.pick(trades[industry] ?? ['Group'])}`;
    const count = (given.get(base) ?? 0) + 1;
    given.set(base, count);
    const distinct = count === 1 ? base : `${base} ${count}`;
    const form = legalForms[country];
    return { name: form ? `${distinct} ${form}` : distinct, domain: `${toAscii(distinct, '-')}.example` };
  };
}

export function makeEmail(person: PersonName, domain: string): string {
  return `${toAscii(person.first, '')}.${toAscii(person.last, '')}@${domain}`;
}

function toAscii(text: string, gap: string): string {
  const plain = text.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  return plain.toLowerCase().replace(/[^a-z0-9]+/g, gap);
}
