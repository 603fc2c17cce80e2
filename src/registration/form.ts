/**
 * The rules of every field of a registration but the phone, written once for chat, web and admin. Pure: today's date
 * is handed in. Any input, however odd, comes out as a clean value or as a message for the customer, never as a throw.
 */
import { type z } from 'zod';
import { fieldLabels as labels, fieldProblems as problems } from '../messages/id/fields';
import {
  day,
  degrees,
  digits,
  email,
  identifier,
  isAbsent,
  line,
  lines,
  oneOf,
  photo,
} from './field-readers';
import { type IdCardPhoto } from './id-card-photo';

const TIME_SLOTS = ['morning', 'afternoon', 'evening'] as const;

export interface RegistrationForm {
  full_name: string;
  email: string;
  address: string;
  city: string;
  package_id: number;
  id_card_number: string | null;
  id_card_photo: IdCardPhoto | null;
  rt: string | null;
  rw: string | null;
  kelurahan: string | null;
  kecamatan: string | null;
  postal_code: string | null;
  /** Degrees north. */
  latitude: number | null;
  /** Degrees east. */
  longitude: number | null;
  address_notes: string | null;
  notes: string | null;
  /** `YYYY-MM-DD` in TIME_ZONE. */
  preferred_installation_date: string | null;
  preferred_time_slot: (typeof TIME_SLOTS)[number] | null;
  referral_code: string | null;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
}

export type FieldName = keyof RegistrationForm;

export interface FieldError {
  field: string;
  message: string;
}

export type FormResult = { ok: true; form: RegistrationForm } | { ok: false; errors: FieldError[] };
export type FieldResult<F extends FieldName> =
  { ok: true; value: RegistrationForm[F] } | { ok: false; message: string };
export type CoordinatesResult =
  { ok: true; latitude: number | null; longitude: number | null } | { ok: false; errors: FieldError[] };

const REQUIRED: ReadonlySet<FieldName> = new Set(['full_name', 'email', 'address', 'city', 'package_id']);

/** Letters of any script; what else stands in a name is its owner's affair. */
const hasTwoLetters = (name: string) => /\p{L}.*\p{L}/su.test(name);

/** What a field must be where it is present, in the order in which errors are told. */
const rules: { [F in FieldName]: z.ZodType<NonNullable<RegistrationForm[F]>> } = {
  full_name: line(labels.full_name, 3, 100).refine(hasTwoLetters, { error: problems.nameLetters }),
  email: email(labels.email),
  address: lines(labels.address, 10, 500),
  city: line(labels.city, 2, 100),
  package_id: identifier(problems.package),
  id_card_number: digits(16, 16, problems.nik),
  id_card_photo: photo(),
  rt: digits(1, 3, problems.oneToThreeDigits(labels.rt)),
  rw: digits(1, 3, problems.oneToThreeDigits(labels.rw)),
  kelurahan: line(labels.kelurahan, 1, 100),
  kecamatan: line(labels.kecamatan, 1, 100),
  postal_code: digits(5, 5, problems.postalCode),
  latitude: degrees(labels.latitude, -11.5, 6.5),
  longitude: degrees(labels.longitude, 94.5, 141.5),
  address_notes: lines(labels.address_notes, 1, 500),
  notes: lines(labels.notes, 1, 500),
  preferred_installation_date: day(problems.date),
  preferred_time_slot: oneOf(TIME_SLOTS, problems.timeSlot),
  referral_code: line(labels.referral_code, 1, 100),
  utm_source: line(labels.utm_source, 1, 100),
  utm_medium: line(labels.utm_medium, 1, 100),
  utm_campaign: line(labels.utm_campaign, 1, 100),
};

/** Reads a whole form; `today` is `YYYY-MM-DD` in TIME_ZONE. One error per bad field, in the order above. */
export function parseForm(input: unknown, today: string): FormResult {
  const { values, errors } = collect(Object.keys(rules) as FieldName[], input, today);
  if (errors.length > 0) return { ok: false, errors };
  // Every field has a rule, and parseField typed each value.
  return { ok: true, form: values as unknown as RegistrationForm };
}

/** Reads one field, as the chat does question by question. An optional field that is absent becomes `null`. */
export function parseField<F extends FieldName>(field: F, value: unknown, today: string): FieldResult<F> {
  if (isAbsent(value)) {
    if (REQUIRED.has(field)) return { ok: false, message: problems.required(labels[field]) };
    return { ok: true, value: null as RegistrationForm[F] };
  }
  const result = rules[field].safeParse(value);
  // Where several things are wrong with a field, the first is enough to go on with.
  if (!result.success) return { ok: false, message: result.error.issues[0]!.message };
  if (field === 'preferred_installation_date' && (result.data as string) < today) {
    return { ok: false, message: problems.datePast };
  }
  return { ok: true, value: result.data };
}

/** Reads a place: both halves or neither (then both are null), within Indonesia. */
export function parseCoordinates(latitude: unknown, longitude: unknown): CoordinatesResult {
  const { values, errors } = collect(['latitude', 'longitude'], { latitude, longitude }, '');
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, ...(values as Pick<RegistrationForm, 'latitude' | 'longitude'>) };
}

function collect(fields: readonly FieldName[], input: unknown, today: string) {
  const values: Partial<Record<FieldName, unknown>> = {};
  const errors: FieldError[] = [];
  const lacking = missingHalf(own(input, 'latitude'), own(input, 'longitude'));

  for (const field of fields) {
    const result = parseField(field, own(input, field), today);
    if (!result.ok) errors.push({ field, message: result.message });
    else if (lacking?.field === field) errors.push(lacking);
    else values[field] = result.value;
  }
  return { values, errors };
}

/** What to say of the coordinate that is absent while the other is there. */
function missingHalf(latitude: unknown, longitude: unknown): FieldError | undefined {
  if (isAbsent(latitude) === isAbsent(longitude)) return undefined;
  const field = isAbsent(latitude) ? 'latitude' : 'longitude';
  return { field, message: problems.coordinateMissing(labels[field]) };
}

/** Nothing inherited counts: a form that says `__proto__` says nothing. */
function own(input: unknown, field: FieldName): unknown {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, field)) return undefined;
  return (input as Record<string, unknown>)[field];
}
