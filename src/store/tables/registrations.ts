import { EntitySchema } from 'typeorm';
import { blob, id, integer, optional, real, text } from './columns';
import { type Channel } from './otps';

/** One application for an installation. `status` is one of lifecycle.ts; `version` grows with every change. */
export interface RegistrationRow {
  id: number;
  registration_number: string;
  channel: Channel;
  status: string;
  version: number;
  phone: string;
  full_name: string;
  email: string;
  address: string;
  city: string;
  package_id: number;
  id_card_number_sealed: Buffer | null;
  rt: string | null;
  rw: string | null;
  kelurahan: string | null;
  kecamatan: string | null;
  postal_code: string | null;
  latitude: number | null;
  longitude: number | null;
  address_notes: string | null;
  notes: string | null;
  preferred_installation_date: string | null;
  preferred_time_slot: string | null;
  referral_code: string | null;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
  consent_version: string;
  consent_at: number;
  rejection_reason: string | null;
  survey_scheduled_date: string | null;
  created_at: number;
  updated_at: number;
}

export const registrations = new EntitySchema<RegistrationRow>({
  name: 'registration',
  tableName: 'registrations',
  columns: {
    id,
    registration_number: text(),
    channel: text(),
    status: text(),
    version: integer({ default: 1 }),
    phone: text(),
    full_name: text(),
    email: text({ collation: 'NOCASE' }),
    address: text(),
    city: text(),
    package_id: integer(),
    id_card_number_sealed: blob(optional),
    rt: text(optional),
    rw: text(optional),
    kelurahan: text(optional),
    kecamatan: text(optional),
    postal_code: text(optional),
    latitude: real(optional),
    longitude: real(optional),
    address_notes: text(optional),
    notes: text(optional),
    preferred_installation_date: text(optional),
    preferred_time_slot: text(optional),
    referral_code: text(optional),
    utm_source: text(optional),
    utm_medium: text(optional),
    utm_campaign: text(optional),
    consent_version: text(),
    consent_at: integer(),
    rejection_reason: text(optional),
    survey_scheduled_date: text(optional),
    created_at: integer(),
    updated_at: integer(),
  },
});

/** Apart from the registration, so that lists never read megabytes. */
export interface IdCardPhotoRow {
  registration_id: number;
  mime: string;
  sealed: Buffer;
}

export const idCardPhotos = new EntitySchema<IdCardPhotoRow>({
  name: 'id_card_photo',
  tableName: 'id_card_photos',
  columns: { registration_id: { type: 'integer', primary: true }, mime: text(), sealed: blob() },
});

/** The last registration number given out on a day (`YYYY-MM-DD` in TIME_ZONE). */
export interface RegistrationCounterRow {
  day: string;
  last: number;
}

export const registrationCounters = new EntitySchema<RegistrationCounterRow>({
  name: 'registration_counter',
  tableName: 'registration_counters',
  columns: { day: { type: 'text', primary: true }, last: integer() },
});
