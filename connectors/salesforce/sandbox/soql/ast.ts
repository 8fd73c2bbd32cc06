/** A SELECT statement as parsed; `at` is the offset in its text, for error messages. */
export interface Statement {
  readonly text: string;
  readonly select: readonly SelectItem[];
  readonly from: { readonly name: string; readonly alias: string | null; readonly at: number };
  readonly where: Condition | null;
  readonly groupBy: readonly FieldRef[];
  readonly orderBy: readonly OrderItem[];
  readonly limit: number | null;
  readonly offset: number;
}

export interface FieldRef {
  readonly path: readonly string[];
  readonly at: number;
}

export type SelectItem =
  | { readonly kind: 'field'; readonly ref: FieldRef; readonly alias: string | null }
  | {
      readonly kind: 'aggregate';
      readonly name: string;
      readonly ref: FieldRef | null;
      readonly alias: string | null;
      readonly at: number;
    }
  | { readonly kind: 'all'; readonly which: string; readonly at: number };

export interface OrderItem {
  readonly key: FieldRef | Extract<SelectItem, { kind: 'aggregate' }>;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'like'
  | 'in'
  | 'not in'
  | 'includes'
  | 'excludes';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition }
  | {
      readonly kind: 'compare';
      readonly ref: FieldRef;
      readonly operator: Operator;
      readonly values: readonly Literal[];
    };

export interface Literal {
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'date' | 'datetime';
  /** Dates as text, instants in seconds. */
  readonly value: string | number | boolean | null;
  readonly at: number;
}
