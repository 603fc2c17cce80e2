/** Verification by sending, as a web form and its customer go through it. */
import { type Daftar } from './daftar';
import { BASE, checked, type WebAnswer } from './web-form';

export const VERIFICATIONS = `${BASE}/verifications`;

export interface Offered {
  id: string;
  text: string;
  whatsapp_url: string;
  expires_in: number;
}

export interface Read {
  state: 'waiting' | 'confirming' | 'verified' | 'expired';
  delivery?: string;
  phone?: string;
  verification_token?: string;
  expires_in?: number;
}

type Headers = Record<string, string>;

export interface VerificationAnswer {
  status: number;
  headers: WebAnswer['headers'];
  body: { code?: string; message: string; errors?: { field: string }[]; data: Offered & Read };
}

export function verificationsOf(daftar: Daftar) {
  const post = async (fields: unknown, headers: Headers = {}) =>
    checked(await daftar.post(VERIFICATIONS, fields, headers)) as unknown as VerificationAnswer;
  const get = async (id: string) =>
    checked(await daftar.get(`${VERIFICATIONS}/${encodeURIComponent(id)}`)) as unknown as VerificationAnswer;
  return {
    post,
    get,
    /** A text for this form's customer to send. */
    async offer(full_name = 'Budi Santoso', phone?: string): Promise<Offered> {
      const { status, body } = await post({ full_name, phone });
      if (status !== 201) throw new Error(`No text was offered: ${status}`);
      return body.data;
    },
    async read(id: string): Promise<Read> {
      const { status, body } = await get(id);
      if (status !== 200) throw new Error(`Not read: ${status}`);
      return body.data;
    },
  };
}
