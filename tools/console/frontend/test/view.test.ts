import { describe, expect, it } from 'vitest';
import { DEFAULTS, readView, reduce, scopeOf, stepped, writeView } from '../src/view';

const NOW = Date.parse('2026-11-20T10:05:00Z');

describe('links', () => {
  it('restore everything', () => {
    const link =
      'lens=failover&c=c1,c2&ns=demo&at=2026-11-20T10:03:20.000Z&w=300&level=workload&box=0&svc=1&anim=0&labels=rsep&find=reviews&hide=idle&sel=n:c1/demo/productpage&v=12.5,-3,0.75';
    const view = readView(link);
    expect(view).toMatchObject({
      lens: 'failover',
      clusters: ['c1', 'c2'],
      at: '2026-11-20T10:03:20.000Z',
      window: 300,
      boxes: false,
      services: true,
      animation: false,
      selection: 'n:c1/demo/productpage',
      viewport: { x: 12.5, y: -3, zoom: 0.75 },
    });
    expect(writeView(view)).toBe(link);
  });
  it('say nothing of defaults', () => {
    expect(writeView(DEFAULTS)).toBe('');
    expect(readView('')).toEqual(DEFAULTS);
  });
  it('fall back where they make no sense', () => {
    expect(readView('lens=x&at=yesterday&w=-4&level=9&v=a,b')).toEqual(DEFAULTS);
  });
  it('carry the scope to other pages', () => {
    expect(writeView(scopeOf(readView('c=c1&sel=n:x&lens=traffic')))).toBe('c=c1');
  });
});

describe('actions', () => {
  it('select, and take back', () => {
    const selected = reduce(DEFAULTS, { do: 'select', selection: 'n:a' });
    expect(selected.selection).toBe('n:a');
    expect(reduce(selected, { do: 'select', selection: 'n:a' }).selection).toBe('');
  });
  it('toggle flags and labels', () => {
    expect(reduce(DEFAULTS, { do: 'toggle', flag: 'boxes' }).boxes).toBe(false);
    expect(reduce(DEFAULTS, { do: 'label', label: 'latency' }).labels.latency).toBe(true);
  });
  it('hide one thing after another', () => {
    const once = reduce({ ...DEFAULTS, selection: 'n:a' }, { do: 'hide', name: 'ratings', cluster: 'c1' });
    expect(once).toMatchObject({ hide: '(name = ratings and cluster = c1)', selection: '' });
    expect(reduce(once, { do: 'hide', name: 'outside', cluster: '' }).hide).toBe(
      '(name = ratings and cluster = c1) or name = outside',
    );
  });
  it('step through the last hour and no further', () => {
    expect(stepped('', -5, NOW)).toBe('2026-11-20T10:04:55.000Z');
    expect(stepped('2026-11-20T10:04:55.000Z', 5, NOW)).toBe('');
    expect(stepped('2026-11-20T09:05:01.000Z', -5, NOW)).toBe('2026-11-20T09:05:00.000Z');
    expect(reduce({ ...DEFAULTS, at: 'x' }, { do: 'live' }).at).toBe('');
  });
});
