import type { Derivation } from '../model/kpi.ts';

const derivableFields = ['num', 'den', 'value'] as const;
export type DerivableField = (typeof derivableFields)[number];

/** What an operand stands for; null where there is nothing. */
export type Lookup = (kpi: string, field: DerivableField) => number | null;
type Formula = (lookup: Lookup) => number | null;

export interface ParsedFormula {
  readonly evaluate: Formula;
  /** KPIs in the order of their first mention. */
  readonly inputs: readonly string[];
}

/** Reads `revenue_won.num - costs.num`: + - * / ( ) min max, numbers, and sums of other KPIs. */
export function parseFormula(text: string): ParsedFormula | { readonly problem: string } {
  const tokens = text.match(/[a-z][a-z0-9_]*\.[a-z]+|[a-z]+|\d+(?:\.\d+)?|[-+*/(),]|\S/g) ?? [];
  const inputs = new Set<string>();
  let at = 0;

  const next = (wanted: string): boolean => {
    if (tokens[at] !== wanted) return false;
    at++;
    return true;
  };
  const expect = (wanted: string): void => {
    if (!next(wanted)) throw new SyntaxError(`expects "${wanted}" ${placeOf(tokens, at)}`);
  };

  function sum(): Formula {
    let left = product();
    for (;;) {
      if (next('+')) left = combine(left, product(), (a, b) => a + b);
      else if (next('-')) left = combine(left, product(), (a, b) => a - b);
      else return left;
    }
  }

  function product(): Formula {
    let left = factor();
    for (;;) {
      if (next('*')) left = combine(left, factor(), (a, b) => a * b);
      else if (next('/')) left = combine(left, factor(), (a, b) => (b === 0 ? null : a / b));
      else return left;
    }
  }

  function factor(): Formula {
    if (next('-'))
      return combine(
        () => 0,
        factor(),
        (a, b) => a - b,
      );
    if (next('(')) {
      const inner = sum();
      expect(')');
      return inner;
    }
    const token = tokens[at++] ?? '';
    if (/^\d/.test(token)) return () => Number(token);
    if (token === 'min' || token === 'max') return pair(token === 'min' ? Math.min : Math.max);
    return operand(token);
  }

  function pair(choose: (a: number, b: number) => number): Formula {
    expect('(');
    const first = sum();
    expect(',');
    const second = sum();
    expect(')');
    return combine(first, second, choose);
  }

  function operand(token: string): Formula {
    const [kpi = '', name = ''] = token.split('.');
    const field = derivableFields.find((known) => known === name);
    if (!field) throw new SyntaxError(`cannot read ${token === '' ? 'its end' : `"${token}"`}`);
    inputs.add(kpi);
    return (lookup) => lookup(kpi, field);
  }

  try {
    const evaluate = sum();
    if (at < tokens.length) return { problem: `cannot read "${tokens[at]}"` };
    return { evaluate, inputs: [...inputs] };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
}

function placeOf(tokens: readonly string[], at: number): string {
  return at < tokens.length ? `before "${tokens[at]}"` : 'at its end';
}

/** Nothing follows from nothing. */
function combine(left: Formula, right: Formula, how: (a: number, b: number) => number | null): Formula {
  return (lookup) => {
    const [a, b] = [left(lookup), right(lookup)];
    return a === null || b === null ? null : how(a, b);
  };
}

/** The formulas of a KPI whose file was checked at load. */
export function formulasOf({ num, den }: Derivation): {
  readonly num: Formula;
  readonly den: Formula | null;
} {
  const read = (text: string): Formula => {
    const parsed = parseFormula(text);
    if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`);
    return parsed.evaluate;
  };
  return { num: read(num), den: den === null ? null : read(den) };
}
