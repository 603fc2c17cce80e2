/**
 * The web form as a customer uses it: ask for a code, read it on the phone, verify, register. Every answer that
 * passes through here is held to what is promised of all answers.
 */
import { systemRandom, type Random } from '../../src/platform/random';
import { startDaftar, type Answer, type Daftar } from './daftar';

export const BASE = '/api/registrations/public';
export const REQUEST_OTP = `${BASE}/request-otp`;
export const VERIFY_OTP = `${BASE}/verify-otp`;

type Headers = Record<string, string>;

export interface WebAnswer {
  status: number;
  headers: Answer['headers'];
  body: {
    success: boolean;
    code?: string;
    message: string;
    errors?: { field: string; message: string }[];
    attemptsLeft?: number;
    disabled?: boolean;
    data: {
      request_id: string;
      otp?: string;
      verification_token: string;
      id: number;
      registration_number: string;
    };
  };
}

/** What a customer fills in besides the phone; `email` is to be told apart where several register. */
export const FORM = {
  full_name: 'Budi Santoso',
  email: 'budi@example.com',
  address: 'Jl. Mawar No. 12 RT 01/02',
  city: 'Bandung',
  package_id: 1,
};

/** Phones nobody has used yet: 6281200000001, 6281200000002, … */
export function newPhones(): () => string {
  let last = 0;
  return () => `62812${String(++last).padStart(8, '0')}`;
}

/** Another code than this one; each `n` from 1 gives a different one. */
export const wrongCode = (code: string, n = 1) => String((Number(code) + n) % 1_000_000).padStart(6, '0');

/** An answer in short, for comparing: status, code and whole seconds to wait. */
export function gist({ status, headers, body }: WebAnswer) {
  const wait = headers.get('retry-after');
  return { status, code: body.code ?? null, ...(wait === null ? {} : { retry_after: Number(wait) }) };
}

/** Promised of every answer, whatever was asked. */
export function checked(answer: Answer): WebAnswer {
  const { status, headers } = answer;
  const body = answer.body as WebAnswer['body'];
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(body.success).toBe(status < 400);
  if (!body.success) {
    expect(body.code).toMatch(/^[A-Z][A-Z_]+$/);
    expect(body.message).toMatch(/\S/);
  }
  const wait = headers.get('retry-after');
  if (status === 429 || status === 503) expect(wait).toMatch(/^[1-9][0-9]*$/);
  else expect(wait).toBeNull();
  return { status, headers, body };
}

export function webForm(daftar: Daftar) {
  const post = async (path: string, body: unknown, headers: Headers = {}) =>
    checked(await daftar.post(path, body, headers));
  const get = async (path: string, headers: Headers = {}) => checked(await daftar.get(path, headers));

  const requestOtp = (phone: unknown, full_name: unknown = FORM.full_name, headers: Headers = {}) =>
    post(REQUEST_OTP, { phone, full_name }, headers);
  const verifyOtp = (phone: unknown, otp: unknown, headers: Headers = {}) =>
    post(VERIFY_OTP, { phone, otp }, headers);

  /** Asks for a code and reads it, on the phone or (WhatsApp disabled) in the answer. */
  async function codeFor(phone: string): Promise<string> {
    const { status, body } = await requestOtp(phone);
    if (status !== 200) throw new Error(`No code for ${phone}: ${status} ${body.code}`);
    return body.data.otp ?? daftar.fonnte.lastCodeTo(phone)!;
  }

  return {
    post,
    get,
    requestOtp,
    verifyOtp,
    codeFor,
    /** The proof of a phone whose customer did all that is asked. */
    async tokenFor(phone: string): Promise<string> {
      const { status, body } = await verifyOtp(phone, await codeFor(phone));
      if (status !== 200) throw new Error(`${phone} was not verified: ${status} ${body.code}`);
      return body.data.verification_token;
    },
    /** Sends the form, all fields as given; `register({...FORM, phone, verification_token})` is a good one. */
    register: (fields: object, headers: Headers = {}) => post(BASE, fields, headers),
  };
}

/** Codes far from one another and never twice, the first with zeros in front; all else is chance as ever. */
export function distinctCodes(): Random {
  let next = 7;
  return {
    ...systemRandom,
    integer(limit) {
      if (limit !== 1_000_000) return systemRandom.integer(limit);
      const code = next;
      next = (next + 104_729) % limit;
      return code;
    },
  };
}

/** More services than the one a file shares; each is stopped after its test, however that ends. */
export function moreDaftars(): typeof startDaftar {
  const started: Daftar[] = [];
  afterEach(async () => {
    for (const one of started.splice(0)) await one.close();
  });
  return async (options) => {
    const one = await startDaftar(options);
    started.push(one);
    return one;
  };
}
