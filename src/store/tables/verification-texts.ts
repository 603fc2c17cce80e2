import { EntitySchema } from 'typeorm';
import { id, integer, optional, text } from './columns';

/** A text that a web form offers its customer to send to us. Its id and its code are kept as keyed hashes only. */
export interface VerificationTextRow {
  id: number;
  /** Hash of the `id` the web form got, by which it reads what becomes of the text. */
  id_hash: string;
  code_hash: string;
  /** Hash of the web client's address (IPv6: its /64). */
  address_hash: string;
  full_name: string;
  /** The only number that may send it; null: any. */
  wanted_phone: string | null;
  created_at: number;
  expires_at: number;
  /** The first number that sent it: from then on it is nobody else's. */
  bound_phone: string | null;
  /** When its sender confirmed it. */
  used_at: number | null;
}

export const verificationTexts = new EntitySchema<VerificationTextRow>({
  name: 'verification_text',
  tableName: 'verification_texts',
  columns: {
    id,
    id_hash: text(),
    code_hash: text(),
    address_hash: text(),
    full_name: text(),
    wanted_phone: text(optional),
    created_at: integer(),
    expires_at: integer(),
    bound_phone: text(optional),
    used_at: integer(optional),
  },
});
