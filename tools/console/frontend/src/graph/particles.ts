import type { Bounds } from '../api/types';
import type { Tone } from './tone';
import { along, type Curve } from './path';

/** One edge of the animation. */
export interface Current {
  id: string;
  curve: Curve;
  tone: Tone;
  /** Requests per second. */
  rate: number;
  /** Of 0..1. */
  failed: number;
  /** Pixels per second: quick answers travel fast. */
  speed: number;
  /** For each {@link STRETCH} pixels of the curve, whether a card lies over it. */
  covered: readonly boolean[];
}

export interface Dot {
  x: number;
  y: number;
  angle: number;
  tone: Tone;
  failed: boolean;
}

/** Pixels. */
export const STRETCH = 6;
const MOST_DOTS = 2000;
const MOST_PER_SECOND = 16;
const STEPS = [1, 2, 5];

/** 20 ms and less travel at 150 px/s, 2 s and more at 45. */
export function speedOf(meanMillis: number): number {
  const slow = Math.min(1, Math.max(0, Math.log10(Math.max(1, meanMillis) / 20) / 2));
  return 150 - 105 * slow;
}

/** How many requests one dot stands for: the smallest of 1, 2, 5, 10 … with which the busiest edge can still be counted and all dots fit. */
export function requestsPerDot(currents: readonly Current[]): number {
  const busiest = Math.max(0, ...currents.map((current) => current.rate));
  const dots = currents.reduce(
    (sum, current) => sum + (current.rate * current.curve.length) / current.speed,
    0,
  );
  const needed = Math.max(busiest / MOST_PER_SECOND, dots / MOST_DOTS);
  for (let power = 1; ; power *= 10) {
    for (const step of STEPS) if (step * power >= needed) return step * power;
  }
}

/**
 * The dots of all edges. Each edge keeps a phase, how many dots it has sent so far, so that a rate that changes moves no dot
 * backwards and needs no list of dots.
 */
export class Particles {
  readonly #phases = new Map<string, number>();

  /** Moves time on by `seconds` and gives what is to be drawn. */
  advance(currents: readonly Current[], seconds: number, perDot: number): Dot[] {
    const dots: Dot[] = [];
    for (const current of currents) {
      const perSecond = current.rate / perDot;
      if (perSecond <= 0 || current.curve.length === 0) continue;
      const phase = (this.#phases.get(current.id) ?? seed(current.id)) + perSecond * seconds;
      this.#phases.set(current.id, phase);
      this.#emit(current, phase, perSecond, dots);
      if (dots.length >= MOST_DOTS) break;
    }
    return dots;
  }

  /** Forgets edges that are gone. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#phases.keys()) if (!ids.has(id)) this.#phases.delete(id);
  }

  #emit(current: Current, phase: number, perSecond: number, dots: Dot[]): void {
    const spacing = current.speed / perSecond;
    let number = Math.floor(phase);
    for (let at = (phase - number) * spacing; at <= current.curve.length; at += spacing) {
      const failed = fraction(number--) < current.failed;
      if (current.covered[Math.floor(at / STRETCH)]) continue;
      dots.push({ ...along(current.curve, at), tone: current.tone, failed });
      if (dots.length >= MOST_DOTS) return;
    }
  }
}

/** Where a curve passes behind cards; the cards at its two ends begin where it does. */
export function coveredBy(curve: Curve, cards: readonly Bounds[]): boolean[] {
  const box = boxOf(curve);
  const near = cards.filter(
    (card) =>
      card.x < box.right &&
      card.x + card.width > box.left &&
      card.y < box.bottom &&
      card.y + card.height > box.top,
  );
  const covered: boolean[] = [];
  for (let at = 0; at <= curve.length; at += STRETCH) {
    const { x, y } = along(curve, at);
    covered.push(
      near.some(
        (card) => x > card.x + 1 && x < card.x + card.width - 1 && y > card.y && y < card.y + card.height,
      ),
    );
  }
  return covered;
}

function boxOf({ line }: Curve): { left: number; right: number; top: number; bottom: number } {
  const xs = line.map((point) => point.x);
  const ys = line.map((point) => point.y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** A number of 0..1 that is always the same for one id, so that edges do not pulse together. */
export function seed(id: string): number {
  let hash = 2166136261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  return (hash >>> 0) / 4294967296;
}

/** The golden ratio spreads the failed ones evenly, whatever their share. */
function fraction(number: number): number {
  const value = (number * 0.618033988749895) % 1;
  return value < 0 ? value + 1 : value;
}
