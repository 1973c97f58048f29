import type { Point } from '../api/types';

/** An edge as it is drawn, and as the particles travel it. */
export interface Curve {
  /** SVG path. */
  d: string;
  /** The curve cut into short straight pieces. */
  line: Point[];
  /** Distance from the start at each point of `line`. */
  reach: number[];
  length: number;
}

const CORNER = 40;
const SAMPLES = 14;
const BOW = 56;

/**
 * Two points become one S-curve that leaves and arrives level, three (a gateway between) two of them; more become a line with round
 * corners.
 */
export function curveOf(points: readonly Point[]): Curve {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return { d: '', line: [], reach: [], length: 0 };
  const parts = points.length <= 3 ? legs(points) : rounded(points);
  return measured(parts.d, parts.line);
}

function legs(points: readonly Point[]): { d: string; line: Point[] } {
  const first = points[0] as Point;
  let d = `M${xy(first)}`;
  const line: Point[] = [first];
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]] as [Point, Point];
    const [a, b] = controls(from, to);
    d += `C${xy(a)} ${xy(b)} ${xy(to)}`;
    for (let k = 1; k <= SAMPLES; k++) line.push(cubic(from, a, b, to, k / SAMPLES));
  }
  return { d, line };
}

/** Level at both ends; between two points above each other the curve swings out to the right. */
function controls(from: Point, to: Point): [Point, Point] {
  const dx = to.x - from.x;
  if (Math.abs(dx) < 1)
    return [
      { x: from.x + BOW, y: from.y },
      { x: to.x + BOW, y: to.y },
    ];
  const bend = Math.sign(dx) * Math.max(24, Math.abs(dx) / 2);
  return [
    { x: from.x + bend, y: from.y },
    { x: to.x - bend, y: to.y },
  ];
}

function rounded(points: readonly Point[]): { d: string; line: Point[] } {
  const first = points[0] as Point;
  let d = `M${xy(first)}`;
  const line: Point[] = [first];
  for (let i = 1; i < points.length - 1; i++) {
    const [before, corner, after] = [points[i - 1], points[i], points[i + 1]] as [Point, Point, Point];
    const radius = Math.min(CORNER, distance(before, corner) / 2, distance(corner, after) / 2);
    const enter = towards(corner, before, radius);
    const leave = towards(corner, after, radius);
    d += `L${xy(enter)}Q${xy(corner)} ${xy(leave)}`;
    for (let k = 0; k <= 6; k++) line.push(quadratic(enter, corner, leave, k / 6));
  }
  const last = points.at(-1) as Point;
  line.push(last);
  return { d: `${d}L${xy(last)}`, line };
}

function measured(d: string, line: Point[]): Curve {
  const reach = [0];
  for (let i = 1; i < line.length; i++) {
    reach.push((reach[i - 1] as number) + distance(line[i - 1] as Point, line[i] as Point));
  }
  return { d, line, reach, length: reach.at(-1) ?? 0 };
}

/** The place at a distance from the start, with the direction of travel in radians. */
export function along(curve: Curve, distanceFromStart: number): Point & { angle: number } {
  const { line, reach } = curve;
  let low = 1;
  let high = line.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((reach[middle] as number) < distanceFromStart) low = middle + 1;
    else high = middle;
  }
  const [from, to] = [line[low - 1] as Point, line[low] as Point];
  const span = (reach[low] as number) - (reach[low - 1] as number);
  const part =
    span === 0 ? 0 : Math.min(1, Math.max(0, (distanceFromStart - (reach[low - 1] as number)) / span));
  return {
    x: from.x + (to.x - from.x) * part,
    y: from.y + (to.y - from.y) * part,
    angle: Math.atan2(to.y - from.y, to.x - from.x),
  };
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const whole = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / whole, y: from.y + ((to.y - from.y) * by) / whole };
}

function cubic(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const u = 1 - t;
  const mix = (p: number, q: number, r: number, s: number) =>
    u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}

function quadratic(a: Point, b: Point, c: Point, t: number): Point {
  const u = 1 - t;
  return {
    x: u * u * a.x + 2 * u * t * b.x + t * t * c.x,
    y: u * u * a.y + 2 * u * t * b.y + t * t * c.y,
  };
}

function xy(point: Point): string {
  return `${Math.round(point.x * 10) / 10},${Math.round(point.y * 10) / 10}`;
}
