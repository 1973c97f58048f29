import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import en from '../src/i18n/en.json';
import zh from '../src/i18n/zh.json';
import { sayIn, translate } from '../src/i18n';

const english: Record<string, string> = en;
const chinese: Record<string, string> = zh;

/** Names and abbreviations that are the same in Chinese. */
const SAME = ['column.mtls', 'column.pod', 'graph.mtlsShare', 'legend.traffic.tcp', 'source.kind.prometheus'];

function argumentsOf(text: string): string[] {
  const names = [...text.matchAll(/\{(\w+)/g)]
    .map((match) => match[1] as string)
    .filter((name) => !/^(One|no|since)$/.test(name));
  return [...new Set(names)].sort();
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sources(join(folder, entry.name))
      : /\.tsx?$/.test(entry.name)
        ? [readFileSync(join(folder, entry.name), 'utf8')]
        : [],
  );
}

describe('texts', () => {
  it('are complete in both languages, with the same gaps', () => {
    expect(Object.keys(chinese)).toEqual(Object.keys(english));
    for (const key of Object.keys(english)) {
      const plural = english[key]?.includes('plural') || english[key]?.includes('select');
      if (!plural) expect(argumentsOf(chinese[key] ?? ''), key).toEqual(argumentsOf(english[key] ?? ''));
    }
  });

  it('are translated', () => {
    const same = Object.keys(english).filter(
      (key) => english[key] === chinese[key] && !/^[\s,{}]*$/.test(english[key] ?? ''),
    );
    expect(same).toEqual(SAME);
  });

  it('are all used', () => {
    const code = sources(join(import.meta.dirname, '../src')).join('\n');
    const used = new Set([...code.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'/g)].map((match) => match[1]));
    const prefixes = [...code.matchAll(/`([a-zA-Z]+(?:\.\w+)*)\.\$\{/g)].map((match) => `${match[1]}.`);
    // Their codes are the server's.
    prefixes.push('sentence.', 'event.', 'step.');
    expect(
      Object.keys(english).filter(
        (key) => !used.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
      ),
    ).toEqual([]);
  });

  it('say a sentence with a gap rather than nothing when the server leaves an argument out', () => {
    expect(translate('en', 'sentence.quiet')).toContain('{seconds}');
  });
});

describe('numbers', () => {
  const say = sayIn('en');
  it('keep what matters', () => {
    expect(say.rate(12.345)).toBe('12.3');
    expect(say.rate(1234)).toBe('1,234');
    expect(say.percent(0.0004)).toBe('< 0.1%');
    expect(say.percent(0.9996)).toBe('99.9%');
    expect(say.percent(0.012)).toBe('1.2%');
    expect(say.percent(1)).toBe('100%');
    expect(say.bytes(2048)).toBe('2 KiB/s');
    expect(say.millis(1500)).toBe('1.5 s');
  });
  it('are of a moment', () => {
    expect(say.relative('2026-11-20T10:00:00Z', Date.parse('2026-11-20T10:03:00Z'))).toContain('3');
    expect(say.time('')).toBe('–');
  });
});
