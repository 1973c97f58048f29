import { useEffect, useState } from 'react';

const NAMES = [
  'canvas',
  'surface',
  'cluster',
  'namespace',
  'node',
  'line',
  'line-strong',
  'text',
  'text-2',
  'ok',
  'degraded',
  'failure',
  'idle',
  'tcp',
  'cross',
] as const;
export type PaletteName = (typeof NAMES)[number];
export type Palette = Record<PaletteName, string>;

/** The theme's colours as a canvas needs them: `light-dark()` is resolved by a real property only. */
export function readPalette(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const entries = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Palette;
}

/** Changes with the theme. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const read = () => setPalette(readPalette());
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const theme = new MutationObserver(read);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    scheme.addEventListener('change', read);
    return () => {
      theme.disconnect();
      scheme.removeEventListener('change', read);
    };
  }, []);
  return palette;
}
