/**
 * The one flow that the chat and the web form share: requestOtp → verifyOtp → complete. Each step runs inside the
 * caller's unit of work, so that it counts exactly once, and returns what it refuses.
 */
import { type Calendar } from '../platform/calendar';
import { type Clock } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Metrics } from '../platform/metrics';
import { type Outbox } from '../delivery/outbox';
import { phoneProblems } from '../messages/id/fields';
import { newRegistrationForAdmins, otpMessage, registrationConfirmation } from '../messages/id/notices';
import { type Reader } from '../store/statements';
import { type Tx } from '../store/unit-of-work';
import { type Channel } from '../store/tables/otps';
import { idCardPhotos, registrations, type RegistrationRow } from '../store/tables/registrations';
import { verifications, type VerificationRow } from '../store/tables/verifications';
import { type CodeRequest, type Codes, type IssuedCode } from './codes';
import { recordEvent } from './events';
import { parseForm, type FieldError, type RegistrationForm } from './form';
import { CLOSED_STATUSES } from './lifecycle';
import { findActivePackage, type Package } from './packages';
import { normalisePhone } from './phone';
import { type Proofs } from './proofs';
import { refuse, type Refusal } from './refusals';

/** The text customers agree to, by version: stored with each registration. */
export const CONSENT_VERSION = '2026-01';

export interface RequestedOtp extends IssuedCode {
  message_id: number;
}

export interface VerifiedPhone {
  ok: true;
  verification_id: number;
  /** Proof for the web form; empty in the chat. */
  verification_token: string;
}

export type Registered = { ok: true; created: boolean; registration: RegistrationRow; package_name: string };

export type Registrations = ReturnType<typeof createRegistrations>;

export interface RegistrationsDeps {
  clock: Clock;
  calendar: Calendar;
  vault: Vault;
  metrics: Metrics;
  codes: Codes;
  proofs: Proofs;
  outbox: Outbox;
  brandName: string;
  otpTtlSeconds: number;
  adminPhones: readonly string[];
  /** `PUBLIC_URL`, once it is known; no slash at its end. */
  publicUrl: () => string;
}

export function createRegistrations(deps: RegistrationsDeps) {
  const { clock, calendar, vault, metrics, codes, proofs, outbox } = deps;

  /** Makes a code and queues its message. Refuses OTP_COOLDOWN, OTP_LIMIT. */
  function requestOtp(tx: Tx, request: CodeRequest, chat_id: number | null = null): RequestedOtp | Refusal {
    const now = clock.now();
    const issued = codes.issue(tx, request, now);
    if (!issued.ok) {
      tx.afterCommit(() =>
        metrics.otps.inc({ channel: request.channel, outcome: issued.code.toLowerCase() }),
      );
      return issued;
    }
    outbox.withdrawOlderCodes(tx, issued.otp_id);
    const message_id = outbox.enqueue(tx, {
      phone: request.phone,
      kind: 'code',
      text: otpMessage({
        full_name: request.full_name,
        brand: deps.brandName,
        code: issued.code,
        ttl_seconds: deps.otpTtlSeconds,
      }),
      expires_at: issued.expires_at,
      otp_id: issued.otp_id,
    });
    recordEvent(tx, { type: 'otp_requested', at: now, actor: 'customer', otp_id: issued.otp_id, chat_id });
    tx.afterCommit(() => metrics.otps.inc({ channel: request.channel, outcome: 'issued' }));
    return { ...issued, message_id };
  }

  /** Judges a code. Refuses OTP_INVALID (with attempts_left), OTP_LOCKED, OTP_EXPIRED, OTP_NOT_FOUND. */
  function verifyOtp(
    tx: Tx,
    phone: string,
    channel: Channel,
    code: string,
    chat_id: number | null = null,
  ): VerifiedPhone | Refusal {
    const now = clock.now();
    const judged = codes.try(tx, phone, channel, code, now);
    tx.afterCommit(() =>
      metrics.otps.inc({ channel, outcome: judged.ok ? 'verified' : judged.code.toLowerCase() }),
    );
    if (!judged.ok) {
      if (judged.code === 'OTP_INVALID')
        recordEvent(tx, { type: 'otp_wrong', at: now, actor: 'customer', chat_id });
      return judged;
    }
    const proof =
      channel === 'web'
        ? proofs.issue(tx, phone, judged.request_id_hash!, judged.otp_id)
        : { verification_id: proveInChat(tx, phone, judged.otp_id, now), verification_token: '' };
    recordEvent(tx, { type: 'otp_verified', at: now, actor: 'customer', otp_id: judged.otp_id, chat_id });
    return { ok: true, ...proof };
  }

  /** In the chat the number is the sender's own: no token, and it lives as long as the chat. */
  const proveInChat = (tx: Tx, phone: string, otp_id: number, verified_at: number): number =>
    tx.insert(verifications, { phone, channel: 'chat', otp_id, verified_at });

  /**
   * Turns a proof and a form into a registration; the same proof again returns the same one. Refuses NOT_VERIFIED
   * (before anything is looked at), VALIDATION_ERROR, PACKAGE_NOT_AVAILABLE, ALREADY_REGISTERED.
   */
  function complete(
    tx: Tx,
    proof: VerificationRow | undefined,
    input: unknown,
    chat_id: number | null = null,
  ) {
    if (!proof) return refuse('NOT_VERIFIED');
    if (proof.registration_id !== null) return alreadyMade(tx, proof.registration_id);

    const now = clock.now();
    const parsed = parseForm(input, calendar.date(now));
    const errors = [...phoneErrors(proof, input), ...(parsed.ok ? [] : parsed.errors)];
    if (!parsed.ok || errors.length > 0) return refuse('VALIDATION_ERROR', { errors });
    const chosen = findActivePackage(tx, parsed.form.package_id);
    if (!chosen) return refuse('PACKAGE_NOT_AVAILABLE');
    if (hasOpenRegistration(tx, parsed.form.email)) return refuse('ALREADY_REGISTERED');

    const registration = insertRegistration(tx, proof, parsed.form, now);
    tx.run('UPDATE verifications SET registration_id = ? WHERE id = ?', registration.id, proof.id);
    recordEvent(tx, {
      type: 'registration_submitted',
      at: now,
      actor: 'customer',
      registration_id: registration.id,
      otp_id: proof.otp_id,
      chat_id,
      details: { channel: proof.channel, package_id: chosen.id },
    });
    announce(tx, registration, chosen);
    tx.afterCommit(() => metrics.registrations.inc({ channel: proof.channel }));
    return { ok: true as const, created: true, registration, package_name: chosen.name };
  }

  function alreadyMade(tx: Tx, id: number): Registered {
    const registration = tx.get<RegistrationRow>('SELECT * FROM registrations WHERE id = ?', id)!;
    return { ok: true, created: false, registration, package_name: packageName(tx, registration.package_id) };
  }

  function insertRegistration(
    tx: Tx,
    proof: VerificationRow,
    form: RegistrationForm,
    now: number,
  ): RegistrationRow {
    const { id_card_number, id_card_photo, ...fields } = form;
    const row = {
      ...fields,
      registration_number: nextNumber(tx, calendar.date(now)),
      channel: proof.channel,
      status: 'pending_verification',
      version: 1,
      phone: proof.phone,
      id_card_number_sealed: id_card_number ? vault.seal(id_card_number, `NIK of ${proof.phone}`) : null,
      consent_version: CONSENT_VERSION,
      consent_at: now,
      rejection_reason: null,
      survey_scheduled_date: null,
      created_at: now,
      updated_at: now,
    };
    const id = tx.insert(registrations, row);
    if (id_card_photo) {
      const sealed = vault.seal(id_card_photo.data, `ID card of ${proof.phone}`);
      tx.insert(idCardPhotos, { registration_id: id, mime: id_card_photo.mime, sealed });
    }
    return { id, ...row };
  }

  /** Counted in the registration's own transaction: a failure takes its number back, so there is no gap. */
  function nextNumber(tx: Tx, day: string): string {
    const { last } = tx.get<{ last: number }>(
      `INSERT INTO registration_counters (day, last) VALUES (?, 1)
       ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last`,
      day,
    )!;
    return `REG-${day.replaceAll('-', '')}-${String(last).padStart(4, '0')}`;
  }

  /** Tells the customer (in the chat the last reply does) and the admins. */
  function announce(tx: Tx, registration: RegistrationRow, chosen: Package): void {
    const { id: registration_id, registration_number, full_name, city, channel, phone } = registration;
    const package_name = chosen.name;
    if (channel === 'web') {
      const facts = { full_name, brand: deps.brandName, registration_number, package_name };
      const text = registrationConfirmation({ ...facts, tracking_url: trackingUrl(registration_number) });
      outbox.enqueue(tx, { phone, kind: 'notice', registration_id, text });
    }
    for (const admin of deps.adminPhones) {
      const admin_url = `${deps.publicUrl()}/admin/registrations/${registration_id}`;
      const facts = { registration_number, full_name, city, package_name, channel, admin_url };
      outbox.enqueue(tx, { phone: admin, kind: 'notice', text: newRegistrationForAdmins(facts) });
    }
  }

  const trackingUrl = (registration_number: string) => `${deps.publicUrl()}/track/${registration_number}`;

  return { requestOtp, verifyOtp, findProof: proofs.find, complete, trackingUrl };
}

/** A web form names its phone; in the chat it is the sender's own. */
function phoneErrors(proof: VerificationRow, input: unknown): FieldError[] {
  if (proof.channel === 'chat') return [];
  const given = normalisePhone((input as { phone?: unknown } | null)?.phone);
  return given.ok ? [] : [{ field: 'phone', message: phoneProblems[given.problem] }];
}

const packageName = (reads: Reader, id: number): string =>
  reads.get<{ name: string }>('SELECT name FROM packages WHERE id = ?', id)?.name ?? '';

export function hasOpenRegistration(reads: Reader, email: string): boolean {
  const closed = CLOSED_STATUSES.map((status) => `'${status}'`).join(', ');
  return Boolean(
    reads.get(`SELECT 1 FROM registrations WHERE email = ? AND status NOT IN (${closed})`, email),
  );
}
