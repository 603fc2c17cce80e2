/** Days and hours as people in one time zone read them. Dates are `YYYY-MM-DD` texts. */
import { DateTime } from 'luxon';
import { MINUTE } from './clock';

export interface Calendar {
  /** The date at an instant (epoch milliseconds). */
  date(at: number): string;
  /** The first instant of a date (epoch milliseconds). */
  startOf(date: string): number;
  /** An instant for spreadsheets: `2026-11-25 14:30`. */
  stamp(at: number): string;
  /** An instant for people: `25 Nov 2026, 14.30`. */
  moment(at: number): string;
  /** A date for people: `Rabu, 25 November 2026`. */
  longDate(date: string): string;
}

/** Days begin at quarters of an hour of UTC, in every time zone there is today. */
const QUARTER_HOUR = 15 * MINUTE;

export function createCalendar(timeZone: string): Calendar {
  const moment = new Intl.DateTimeFormat('id-ID', { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  const stamp = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const longDate = new Intl.DateTimeFormat('id-ID', { timeZone: 'UTC', dateStyle: 'full' });
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  let last = { quarter: NaN, date: '' };
  return {
    /** Formatting takes microseconds and is asked at every turn: it is remembered until the quarter of an hour ends. */
    date(at) {
      const quarter = Math.floor(at / QUARTER_HOUR);
      if (quarter !== last.quarter) last = { quarter, date: day.format(at) };
      return last.date;
    },
    startOf: (date) => DateTime.fromISO(date, { zone: timeZone }).startOf('day').toMillis(),
    stamp: (at) => stamp.format(at),
    moment: (at) => moment.format(at),
    longDate: (date) => longDate.format(Date.parse(`${date}T00:00:00Z`)),
  };
}

/** The date `days` after `date`. */
export function addDays(date: string, days: number): string {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd');
}

/** Whether the text is a day that exists: `2026-02-30` is none. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}
