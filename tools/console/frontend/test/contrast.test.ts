import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf8');
const tokens = Object.fromEntries(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name,
    { light, dark },
  ]),
) as Record<string, { light: string; dark: string }>;

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const SURFACES = [
  'canvas',
  'surface',
  'raised',
  'sunken',
  'cluster',
  'namespace',
  'node',
  'hover',
  'selected',
];
const SOFT = {
  ok: 'ok-soft',
  degraded: 'degraded-soft',
  failure: 'failure-soft',
  accent: 'accent-soft',
  cross: 'cross-soft',
};

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  const colour = (name: string) => tokens[name]![theme];
  it.each(['text', 'text-2'])('%s can be read everywhere', (name) => {
    for (const surface of SURFACES)
      expect(contrast(colour(name), colour(surface)), surface).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['ok', 'degraded', 'failure', 'accent', 'cross', 'idle'])(
    '%s can be read where it is used as text',
    (name) => {
      for (const surface of ['canvas', 'surface', 'raised', 'cluster', 'hover']) {
        expect(contrast(colour(name), colour(surface)), surface).toBeGreaterThanOrEqual(4.5);
      }
    },
  );
  it.each(Object.entries(SOFT))('%s can be read on its tint', (name, soft) => {
    expect(contrast(colour(name), colour(soft))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('text'), colour(soft))).toBeGreaterThanOrEqual(4.5);
  });
  it('lines of controls are seen', () => {
    for (const surface of ['canvas', 'surface', 'raised'])
      expect(contrast(colour('line-strong'), colour(surface))).toBeGreaterThanOrEqual(3);
  });
});
