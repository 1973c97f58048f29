import type { PictureEdge, PictureNode } from '../api/types';
import { latencyOf } from './tone';

/**
 * Expressions that find and hide: `name contains reviews and (not healthy or rate > 10)`. A lone word is looked for in the name.
 * `not` binds tighter than `and`, `and` tighter than `or`.
 */
export type Expression =
  | { op: 'or' | 'and'; left: Expression; right: Expression }
  | { op: 'not'; inner: Expression }
  | { op: 'flag'; name: Flag }
  | { op: 'compare'; field: Field; comparison: Comparison; value: string };

export type Subject = { kind: 'node'; node: PictureNode } | { kind: 'edge'; edge: PictureEdge };

const NODE_FIELDS = ['name', 'namespace', 'cluster', 'app', 'version', 'ready', 'pods'] as const;
const EDGE_FIELDS = ['rate', 'errors', 'latency', 'protocol', 'service', 'mtls', 'gateway'] as const;
type Field = (typeof NODE_FIELDS)[number] | (typeof EDGE_FIELDS)[number];
const SYNONYMS: Record<string, Field> = {
  ns: 'namespace',
  wl: 'name',
  workload: 'name',
  svc: 'service',
  rt: 'latency',
  p95: 'latency',
};
const FLAGS = [
  'healthy',
  'idle',
  'ghost',
  'cross',
  'failing',
  'routing',
  'breaker',
  'outofmesh',
  'finding',
] as const;
type Flag = (typeof FLAGS)[number];
const COMPARISONS = ['!=', '>=', '<=', '*=', '^=', '$=', '=', '>', '<'] as const;
type Comparison = (typeof COMPARISONS)[number];
const WORDS: Record<string, Comparison> = { contains: '*=', startswith: '^=', endswith: '$=' };

export const FIELD_NAMES: readonly string[] = [...NODE_FIELDS, ...EDGE_FIELDS];
export const FLAG_NAMES: readonly string[] = FLAGS;

/** Why an expression cannot be read: the word at which it went wrong, empty where the text ended too early. */
export class Unreadable extends Error {
  constructor(readonly word: string) {
    super(word);
  }
}

/** Undefined for an empty text; throws {@link Unreadable}. */
export function parse(text: string): Expression | undefined {
  const words = text.match(/"[^"]*"|[()]|!=|>=|<=|\*=|\^=|\$=|[=<>!]|[^\s()=<>!*^$"]+/g) ?? [];
  if (words.length === 0) return undefined;
  const reader = new Reader(words);
  const expression = reader.or();
  if (reader.peek() !== undefined) throw new Unreadable(reader.peek() ?? '');
  return expression;
}

class Reader {
  #at = 0;
  constructor(readonly words: readonly string[]) {}

  peek(): string | undefined {
    return this.words[this.#at];
  }

  #take(): string {
    const word = this.words[this.#at++];
    if (word === undefined) throw new Unreadable('');
    return word;
  }

  #accept(word: string): boolean {
    const next = this.peek()?.toLowerCase() === word;
    if (next) this.#at++;
    return next;
  }

  or(): Expression {
    let left = this.#and();
    while (this.#accept('or')) left = { op: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#accept('and')) left = { op: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    if (this.#accept('not') || this.#accept('!')) return { op: 'not', inner: this.#not() };
    if (this.#accept('(')) {
      const inner = this.or();
      if (!this.#accept(')')) throw new Unreadable(this.peek() ?? '');
      return inner;
    }
    return this.#term();
  }

  #term(): Expression {
    const word = this.#take();
    if (word === ')' || isComparison(word)) throw new Unreadable(word);
    const name = word.toLowerCase();
    const comparison = this.#comparison();
    if (comparison) {
      const field = SYNONYMS[name] ?? FIELD_NAMES.find((known) => known === name);
      if (!field) throw new Unreadable(word);
      return { op: 'compare', field: field as Field, comparison, value: plain(this.#take()) };
    }
    const flag = FLAGS.find((known) => known === name);
    return flag
      ? { op: 'flag', name: flag }
      : { op: 'compare', field: 'name', comparison: '*=', value: plain(word) };
  }

  #comparison(): Comparison | undefined {
    const next = this.peek()?.toLowerCase() ?? '';
    const found = WORDS[next] ?? (isComparison(next) ? next : undefined);
    if (found) this.#at++;
    return found;
  }
}

function isComparison(word: string): word is Comparison {
  return (COMPARISONS as readonly string[]).includes(word);
}

function plain(word: string): string {
  return word.replace(/^"|"$/g, '').toLowerCase();
}

export function matches(expression: Expression, subject: Subject): boolean {
  switch (expression.op) {
    case 'or':
      return matches(expression.left, subject) || matches(expression.right, subject);
    case 'and':
      return matches(expression.left, subject) && matches(expression.right, subject);
    case 'not':
      return about(expression.inner, subject) && !matches(expression.inner, subject);
    case 'flag':
      return flagged(expression.name, subject);
    case 'compare':
      return compared(valueOf(expression.field, subject), expression.comparison, expression.value);
  }
}

/** `not rate > 5` is about edges: it must not match every node. */
function about(expression: Expression, subject: Subject): boolean {
  switch (expression.op) {
    case 'or':
    case 'and':
      return about(expression.left, subject) || about(expression.right, subject);
    case 'not':
      return about(expression.inner, subject);
    case 'flag':
      return subject.kind === 'node'
        ? expression.name !== 'cross' && expression.name !== 'failing'
        : edgeFlag(expression.name);
    case 'compare':
      return valueOf(expression.field, subject) !== undefined;
  }
}

function edgeFlag(flag: Flag): boolean {
  return flag === 'cross' || flag === 'failing' || flag === 'idle' || flag === 'ghost';
}

function flagged(flag: Flag, subject: Subject): boolean {
  if (subject.kind === 'edge') {
    const { edge } = subject;
    if (flag === 'cross') return edge.path === 'GATEWAY' || edge.path === 'DIRECT';
    if (flag === 'failing') return edge.status === 'failure' || edge.status === 'degraded';
    if (flag === 'idle') return edge.rate <= 0;
    return flag === 'ghost' && edge.ghost;
  }
  const { node } = subject;
  switch (flag) {
    case 'healthy':
      return node.status === 'ok';
    case 'idle':
      return node.status === 'idle';
    case 'ghost':
      return node.ghost;
    case 'routing':
    case 'breaker':
    case 'finding':
      return node.marks.includes(flag);
    case 'outofmesh':
      return node.marks.includes('noSidecar');
    default:
      return false;
  }
}

function valueOf(field: Field, subject: Subject): string | number | undefined {
  if (subject.kind === 'node') {
    const { node } = subject;
    return (NODE_FIELDS as readonly string[]).includes(field)
      ? node[field as (typeof NODE_FIELDS)[number]]
      : undefined;
  }
  const { edge } = subject;
  switch (field) {
    case 'rate':
      return edge.rate;
    case 'errors':
      return edge.rate > 0 ? (100 * edge.failed) / edge.rate : 0;
    case 'latency':
      return latencyOf(edge);
    case 'mtls':
      return 100 * edge.mutualTls;
    case 'protocol':
    case 'service':
    case 'gateway':
      return edge[field];
    default:
      return undefined;
  }
}

function compared(value: string | number | undefined, comparison: Comparison, wanted: string): boolean {
  if (value === undefined) return false;
  const text = String(value).toLowerCase();
  const [a, b] = [Number(value), Number(wanted.replace(/%$/, ''))];
  switch (comparison) {
    case '=':
      return text === wanted || (!Number.isNaN(b) && a === b);
    case '!=':
      return text !== wanted;
    case '*=':
      return text.includes(wanted);
    case '^=':
      return text.startsWith(wanted);
    case '$=':
      return text.endsWith(wanted);
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
  }
}
