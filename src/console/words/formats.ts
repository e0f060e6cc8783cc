import type { Words } from './en.js';

/** Numbers, times and spans as a locale writes them. */
export interface Formats {
  readonly number: (value: number, digits?: number) => string;
  /** 0 to 1. */
  readonly percent: (share: number) => string;
  readonly milliseconds: (ms: number) => string;
  readonly bytes: (count: number) => string;
  readonly time: (iso: string | Date) => string;
  readonly dateTime: (iso: string | Date) => string;
  readonly date: (iso: string | Date) => string;
  /** Time since an instant, in the largest fitting units. */
  readonly since: (iso: string, now?: number) => string;
  readonly span: (ms: number) => string;
}

export const makeFormats = (locale: string, say: Words): Formats => {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const times = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const unit = (value: number, name: 'second' | 'minute' | 'hour' | 'day') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  const span = (ms: number): string => {
    const seconds = Math.max(0, Math.round(ms / 1000));
    if (seconds < 60) return unit(seconds, 'second');
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return unit(minutes, 'minute') + say.unitGap + unit(seconds % 60, 'second');
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return unit(hours, 'hour') + say.unitGap + unit(minutes % 60, 'minute');
    return unit(Math.floor(hours / 24), 'day');
  };
  const toDate = (value: string | Date): Date => (typeof value === 'string' ? new Date(value) : value);
  return {
    number: (value, digits) =>
      digits === undefined
        ? number.format(value)
        : new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    percent: (share) => percents.format(share),
    milliseconds: (ms) => `${new Intl.NumberFormat(locale, { maximumFractionDigits: ms < 100 ? 1 : 0 }).format(ms)} ms`,
    bytes: (count) =>
      count < 1e6
        ? `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(count / 1e3)} kB`
        : `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(count / 1e6)} MB`,
    time: (value) => times.format(toDate(value)),
    dateTime: (value) => dateTimes.format(toDate(value)),
    date: (value) => dates.format(toDate(value)),
    since: (iso, now = Date.now()) => span(now - Date.parse(iso)),
    span,
  };
};
