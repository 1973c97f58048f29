export interface Formatters {
  /** Per second: three significant digits below 100, none behind the point above. */
  rate: (perSecond: number) => string;
  /** Of 0..1. Shares that are not nothing never read 0 %, and not all never reads 100 %. */
  percent: (share: number) => string;
  millis: (millis: number) => string;
  bytes: (perSecond: number) => string;
  count: (value: number) => string;
  time: (instant: string) => string;
  dateTime: (instant: string) => string;
  date: (instant: string) => string;
  /** `3 min ago`, `in 2 days`. */
  relative: (instant: string, now: number) => string;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

export function formatters(locale: string): Formatters {
  const small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const date = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' });
  const both = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const number = (value: number) =>
    value >= 10_000 ? compact.format(value) : value >= 100 ? whole.format(value) : small.format(value);
  return {
    rate: number,
    percent: (share) => percent(share, small, whole),
    millis: (millis) => (millis >= 1000 ? `${small.format(millis / 1000)} s` : `${small.format(millis)} ms`),
    bytes: (perSecond) => bytes(perSecond, small),
    count: (value) => whole.format(value),
    time: (instant) => (valid(instant) ? time.format(new Date(instant)) : '–'),
    dateTime: (instant) => (valid(instant) ? both.format(new Date(instant)) : '–'),
    date: (instant) => (valid(instant) ? date.format(new Date(instant)) : '–'),
    relative: (instant, now) => (valid(instant) ? ago(Date.parse(instant) - now, relative) : '–'),
  };
}

function valid(instant: string): boolean {
  return instant !== '' && !Number.isNaN(Date.parse(instant));
}

function percent(share: number, small: Intl.NumberFormat, whole: Intl.NumberFormat): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1%';
  if (value > 99 && value < 100) return `${small.format(Math.min(99.9, value))}%`;
  return value < 10 ? `${small.format(Math.round(value * 10) / 10)}%` : `${whole.format(value)}%`;
}

function bytes(perSecond: number, small: Intl.NumberFormat): string {
  const steps = ['B/s', 'KiB/s', 'MiB/s', 'GiB/s'];
  let value = perSecond;
  let step = 0;
  while (value >= 1024 && step < steps.length - 1) {
    value /= 1024;
    step++;
  }
  return `${small.format(value)} ${steps[step]}`;
}

function ago(delta: number, relative: Intl.RelativeTimeFormat): string {
  for (const [unit, size] of UNITS) {
    if (Math.abs(delta) >= size || unit === 'second') return relative.format(Math.trunc(delta / size), unit);
  }
  return '';
}
