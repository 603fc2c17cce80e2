/**
 * The kinds of fields that forms have, as zod rules: text, digits, numbers, days, photos. Pure. Each takes any value
 * at all and gives a clean one or a message for the customer, in time proportional to the value's length.
 * Which field is of which kind stands in form.ts.
 */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { fieldProblems as problems } from '../messages/id/fields';
import { isDate } from '../platform/calendar';
import { type PhotoProblem, readPhoto } from './id-card-photo';

const ANY_CONTROL = /\p{Cc}/u;
const CONTROL_BUT_LINES = /(?![\n\t])\p{Cc}/u;
const BREAK_OR_TAB = /[\n\t]/;
/** Nothing a person could see: blanks, zero-width and other formatting characters. */
const NOTHING_VISIBLE = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;
/** A decimal number as people and browsers write it: no exponent, no hexadecimal, no `Infinity`. */
const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
/** RFC 5321, 4.5.3.1.3: a path of 256 octets, less its angle brackets. */
const EMAIL_MAX = 254;
/** Longer than any ISO 8601 time that is really sent; keeps odd input away from the parser. */
const TIME_MAX = 64;

/** Empty texts and null say as little as a field that was not sent. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && NOTHING_VISIBLE.test(value));
}

/** One line of text; lengths count code points after trimming. */
export function line(label: string, min: number, max: number) {
  const complaint = (value: string) =>
    BREAK_OR_TAB.test(value) ? problems.manyLines(label) : problems.controls(label);
  return text(label, min, max, ANY_CONTROL, complaint);
}

/** Text that may hold line breaks and tabs. */
export function lines(label: string, min: number, max: number) {
  return text(label, min, max, CONTROL_BUT_LINES, () => problems.controls(label));
}

/** Kept as typed, capitals included: only its domain is free of case (RFC 5321, 2.4). */
export function email(label: string) {
  return line(label, 1, EMAIL_MAX).pipe(z.email({ error: problems.email }));
}

/** From `min` to `max` ASCII digits, as text: a number would have lost leading zeros, or the end of a NIK. */
export function digits(min: number, max: number, error: string) {
  return z
    .string({ error })
    .transform((value) => value.trim())
    .pipe(z.string().regex(new RegExp(`^[0-9]{${min},${max}}$`), { error }));
}

/** A positive integer that a double holds exactly, or its digits in a string. */
export function identifier(error: string) {
  return z.preprocess((value) => numeric(value, /^[0-9]+$/), z.int({ error }).positive({ error }));
}

/** Degrees, as a number or in a string. */
export function degrees(label: string, min: number, max: number) {
  const error = problems.outsideIndonesia(label);
  return z
    .preprocess((value) => numeric(value, DECIMAL), z.number({ error: problems.number(label) }))
    .pipe(z.number().min(min, { error }).max(max, { error }))
    .transform((value) => value + 0); // makes -0 a plain 0
}

/** A day, or an ISO 8601 time of which the day counts as it is written: nothing is converted between zones. */
export function day(error: string) {
  return z.string({ error }).transform((value, context) => {
    const time = value.trim();
    const date = time.slice(0, 10);
    if (time.length <= TIME_MAX && isDate(date) && DateTime.fromISO(time, { setZone: true }).isValid)
      return date;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

export function oneOf<const T extends string>(choices: readonly T[], error: string) {
  const trimmed = (value: unknown) => (typeof value === 'string' ? value.trim() : value);
  return z.preprocess(trimmed, z.enum(choices, { error }));
}

const photoProblems = {
  format: problems.photoFormat,
  damaged: problems.photoDamaged,
  too_large: problems.photoTooLarge,
  other_kind: problems.photoOtherKind,
} satisfies Record<PhotoProblem, string>;

export function photo() {
  return z.string({ error: problems.photoFormat }).transform((value, context) => {
    const result = readPhoto(value);
    if (result.ok) return result.photo;
    context.addIssue({ code: 'custom', message: photoProblems[result.problem] });
    return z.NEVER;
  });
}

function text(
  label: string,
  min: number,
  max: number,
  forbidden: RegExp,
  complaint: (value: string) => string,
) {
  return z
    .string({ error: problems.notText(label) })
    .transform(tidy)
    .pipe(
      z
        .string()
        .refine((value) => !exceeds(value, max), { error: problems.tooLong(label, max), abort: true })
        .refine((value) => !forbidden.test(value), {
          error: (issue) => complaint(String(issue.input)),
          abort: true,
        })
        .refine((value) => exceeds(value, min - 1), { error: problems.tooShort(label, min), abort: true }),
    );
}

/** Fit to be stored and sent: trimmed, line ends as `\n` (browsers send `\r\n`), lone surrogates replaced. */
function tidy(value: string): string {
  return value
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/\r\n?/g, '\n')
    .trim();
}

/** Whether a text has more than `count` code points; texts far longer are not counted through. */
function exceeds(value: string, count: number): boolean {
  return value.length > 2 * count || Array.from(value).length > count;
}

function numeric(value: unknown, pattern: RegExp): unknown {
  return typeof value === 'string' && pattern.test(value.trim()) ? Number(value) : value;
}
