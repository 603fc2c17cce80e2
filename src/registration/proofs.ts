/**
 * Proofs of a phone for the web form, held as tokens. A token is a keyed hash of the hash of the secret that the form
 * already has (a code's `request_id`, a text's `id`): so it can be given again on every read, yet is stored nowhere.
 */
import { type Clock, SECOND } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Reader } from '../store/statements';
import { type Tx } from '../store/unit-of-work';
import { verifications, type VerificationRow } from '../store/tables/verifications';
import { normalisePhone } from './phone';

export interface GivenProof {
  row: VerificationRow;
  verification_token: string;
}

export type Proofs = ReturnType<typeof createProofs>;

export function createProofs(deps: { vault: Vault; clock: Clock; ttlSeconds: number }) {
  const { vault, clock } = deps;

  /** Proves `phone` to the web form that holds the secret of this hash; one hash, one proof. */
  function issue(tx: Tx, phone: string, secret_hash: string, otp_id: number | null) {
    const now = clock.now();
    const verification_token = vault.hash('proof_token', secret_hash);
    const verification_id = tx.insert(verifications, {
      phone,
      channel: 'web',
      token_hash: vault.hash('verification_token', verification_token),
      otp_id,
      verified_at: now,
      expires_at: now + deps.ttlSeconds * SECOND,
    });
    return { verification_id, verification_token };
  }

  /** The proof issued for this hash, also when that was before APP_SECRET was changed. */
  function given(reads: Reader, secret_hash: string): GivenProof | undefined {
    for (const verification_token of vault.hashes('proof_token', secret_hash)) {
      const row = byToken(reads, verification_token);
      if (row) return { row, verification_token };
    }
    return undefined;
  }

  /** The proof one of these tokens is, for this phone, unless it has run out unused. */
  function find(reads: Reader, tokens: readonly string[], phone: unknown): VerificationRow | undefined {
    const normalised = normalisePhone(phone);
    return tokens
      .map((token) => byToken(reads, token))
      .find(
        (row) =>
          row &&
          (!normalised.ok || normalised.phone === row.phone) &&
          (row.registration_id !== null || row.expires_at! > clock.now()),
      );
  }

  function byToken(reads: Reader, token: string): VerificationRow | undefined {
    for (const hash of vault.hashes('verification_token', token)) {
      const row = reads.get<VerificationRow>('SELECT * FROM verifications WHERE token_hash = ?', hash);
      if (row) return row;
    }
    return undefined;
  }

  return { issue, given, find };
}
