import { createContext, useCallback, useContext, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Level } from './api/types';
import type { Labels } from './graph/scene';
import { LENSES, type Lens } from './graph/tone';

/** Everything a link restores. It lives in the address alone: what is shown is always what a copy of the link shows. */
export interface View {
  /** Empty for the lens that fits the mesh. */
  lens: Lens | '';
  clusters: string[];
  namespaces: string[];
  /** Instant, empty for now. */
  at: string;
  /** Seconds. */
  window: number;
  level: Level | 'auto';
  boxes: boolean;
  services: boolean;
  idle: boolean;
  ghosts: boolean;
  animation: boolean;
  labels: Labels;
  list: boolean;
  find: string;
  hide: string;
  selection: string;
  viewport: { x: number; y: number; zoom: number } | undefined;
}

export const DEFAULTS: View = {
  lens: '',
  clusters: [],
  namespaces: [],
  at: '',
  window: 60,
  level: 'auto',
  boxes: true,
  services: false,
  idle: true,
  ghosts: true,
  animation: true,
  labels: { rate: true, share: true, errors: true, latency: false },
  list: false,
  find: '',
  hide: '',
  selection: '',
  viewport: undefined,
};

export type ViewAction =
  | { do: 'set'; change: Partial<View> }
  | { do: 'toggle'; flag: 'boxes' | 'services' | 'idle' | 'ghosts' | 'animation' | 'list' }
  | { do: 'label'; label: keyof Labels }
  | { do: 'select'; selection: string }
  | { do: 'step'; seconds: number; now: number }
  | { do: 'hide'; name: string; cluster: string }
  | { do: 'live' }
  | { do: 'fit' };

const HOUR = 3_600_000;

export function reduce(view: View, action: ViewAction): View {
  switch (action.do) {
    case 'set':
      return { ...view, ...action.change };
    case 'toggle':
      return { ...view, [action.flag]: !view[action.flag] };
    case 'label':
      return { ...view, labels: { ...view.labels, [action.label]: !view.labels[action.label] } };
    case 'select':
      return { ...view, selection: view.selection === action.selection ? '' : action.selection };
    case 'step':
      return { ...view, at: stepped(view.at, action.seconds, action.now) };
    case 'hide':
      return { ...view, hide: hiding(view.hide, action.name, action.cluster), selection: '' };
    case 'live':
      return { ...view, at: '' };
    case 'fit':
      return { ...view, viewport: undefined };
  }
}

/** The hide expression with one more thing in it. */
function hiding(before: string, name: string, cluster: string): string {
  const term = cluster ? `(name = ${name} and cluster = ${cluster})` : `name = ${name}`;
  return before ? `${before} or ${term}` : term;
}

/** An instant of the last hour; empty again when it arrives at the present. */
export function stepped(at: string, seconds: number, now: number): string {
  const from = at === '' ? now : Date.parse(at);
  const to = Math.max(now - HOUR, from + seconds * 1000);
  return to >= now - 2500 ? '' : new Date(to).toISOString();
}

const LEVELS = ['auto', 'workload', 'namespace', 'cluster'] as const;
const LABEL_LETTERS: [keyof Labels, string][] = [
  ['rate', 'r'],
  ['share', 's'],
  ['errors', 'e'],
  ['latency', 'p'],
];
const FLAGS: ['boxes' | 'services' | 'idle' | 'ghosts' | 'animation' | 'list', string][] = [
  ['boxes', 'box'],
  ['services', 'svc'],
  ['idle', 'idle'],
  ['ghosts', 'ghosts'],
  ['animation', 'anim'],
  ['list', 'list'],
];

export function readView(search: string): View {
  const query = new URLSearchParams(search);
  const list = (name: string) => (query.get(name) ?? '').split(',').filter(Boolean);
  const view: View = {
    ...DEFAULTS,
    lens: LENSES.find((lens) => lens === query.get('lens')) ?? '',
    clusters: list('c'),
    namespaces: list('ns'),
    at: instantOf(query.get('at')),
    window: secondsOf(query.get('w')),
    level: LEVELS.find((level) => level === query.get('level')) ?? 'auto',
    labels: labelsOf(query.get('labels')),
    find: query.get('find') ?? '',
    hide: query.get('hide') ?? '',
    selection: query.get('sel') ?? '',
    viewport: viewportOf(query.get('v')),
  };
  for (const [flag, name] of FLAGS) {
    const value = query.get(name);
    if (value === '1' || value === '0') view[flag] = value === '1';
  }
  return view;
}

/** Only what differs from the defaults, in a fixed order: equal views have equal links. */
export function writeView(view: View): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string, standard = '') => {
    if (value !== standard) query.set(name, value);
  };
  set('lens', view.lens);
  set('c', view.clusters.join(','));
  set('ns', view.namespaces.join(','));
  set('at', view.at);
  set('w', String(view.window), String(DEFAULTS.window));
  set('level', view.level, 'auto');
  for (const [flag, name] of FLAGS) set(name, view[flag] ? '1' : '0', DEFAULTS[flag] ? '1' : '0');
  set('labels', labelText(view.labels), labelText(DEFAULTS.labels));
  set('find', view.find);
  set('hide', view.hide);
  set('sel', view.selection);
  set(
    'v',
    view.viewport ? [view.viewport.x, view.viewport.y, view.viewport.zoom].map(rounded).join(',') : '',
  );
  const test = readTestMode() ? 'test=1' : '';
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return [text, test].filter(Boolean).join('&');
}

/** The part of a view that holds on every page. */
export function scopeOf(view: View): View {
  const { clusters, namespaces, at, window } = view;
  return { ...DEFAULTS, clusters, namespaces, at, window };
}

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function labelText(labels: Labels): string {
  return (
    LABEL_LETTERS.filter(([label]) => labels[label])
      .map(([, letter]) => letter)
      .join('') || '-'
  );
}

function labelsOf(text: string | null): Labels {
  if (text === null) return DEFAULTS.labels;
  const entries = LABEL_LETTERS.map(([label, letter]) => [label, text.includes(letter)] as const);
  return Object.fromEntries(entries) as unknown as Labels;
}

function instantOf(text: string | null): string {
  const millis = text ? Date.parse(text) : NaN;
  return Number.isNaN(millis) ? '' : new Date(millis).toISOString();
}

function secondsOf(text: string | null): number {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= 10 && seconds <= 3600 ? seconds : DEFAULTS.window;
}

function viewportOf(text: string | null): View['viewport'] {
  const [x, y, zoom] = (text ?? '').split(',').map(Number);
  if (x === undefined || y === undefined || zoom === undefined || !zoom || Number.isNaN(x + y + zoom))
    return undefined;
  return { x, y, zoom };
}

/** `?test=1`: clock and particles stand still and nothing moves by itself, so that pictures can be compared. */
export function readTestMode(): boolean {
  return new URLSearchParams(location.search).get('test') === '1';
}

/** Whether this page was opened in test mode; it stays so while pages change. */
export const TestMode = createContext(false);
export const useTestMode = (): boolean => useContext(TestMode);

export function useView(): [View, (action: ViewAction) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = useMemo(() => readView(search), [search]);
  const dispatch = useCallback(
    (action: ViewAction) => {
      // From the address and not from a closure: two actions of one event must both take effect.
      const next = writeView(reduce(readView(location.search), action));
      navigate(location.pathname + (next ? `?${next}` : ''), { replace: true });
    },
    [navigate],
  );
  return [view, dispatch];
}

/**
 * The address of an object's own page. The slash at the end keeps a dot in a name from being taken for a file's; an object without
 * namespace has `-` for it, as in the API.
 */
export function pageOf(page: string, ...names: string[]): string {
  return `/${[page, ...names.map((name) => encodeURIComponent(name || '-'))].join('/')}/`;
}

/** The address of a page with the present scope. */
export function useHref(): (page: string, more?: Partial<View>) => string {
  const search = useSearch();
  return useCallback(
    (page, more = {}) => {
      const query = writeView({ ...scopeOf(readView(search)), ...more });
      return page + (query ? `?${query}` : '');
    },
    [search],
  );
}
