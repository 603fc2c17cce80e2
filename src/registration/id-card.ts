/** Shows what is sealed, NIK and ID-card photo, to an admin who asks: never before the look stands in the log. */
import { type Clock } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type IdCardPhotoRow, type RegistrationRow } from '../store/tables/registrations';
import { type UnitOfWork } from '../store/unit-of-work';
import { recordEvent } from './events';
import { refuse, type Refusal } from './refusals';

export function createIdCard(deps: { unitOfWork: UnitOfWork; clock: Clock; vault: Vault }) {
  const { unitOfWork, clock, vault } = deps;

  /** The sealed value and its owner's phone, once the look is on disk. */
  function look<Row>(
    sql: string,
    id: number,
    admin_id: number,
    type: 'id_card_number_viewed' | 'id_card_photo_viewed',
  ) {
    return unitOfWork.run((tx) => {
      const row = tx.get<Row & { phone: string }>(sql, id);
      if (row) recordEvent(tx, { type, at: clock.now(), actor: `admin:${admin_id}`, registration_id: id });
      return row;
    });
  }

  return {
    /** Refuses NOT_FOUND, also when none was given. */
    async number(id: number, admin_id: number): Promise<{ ok: true; id_card_number: string } | Refusal> {
      const row = await look<Pick<RegistrationRow, 'id_card_number_sealed'>>(
        'SELECT phone, id_card_number_sealed FROM registrations WHERE id = ? AND id_card_number_sealed IS NOT NULL',
        id,
        admin_id,
        'id_card_number_viewed',
      );
      if (!row) return refuse('NOT_FOUND');
      const opened = vault.open(row.id_card_number_sealed!, `NIK of ${row.phone}`);
      return { ok: true, id_card_number: opened.toString() };
    },

    /** Refuses NOT_FOUND, also when none was given. */
    async photo(id: number, admin_id: number): Promise<{ ok: true; mime: string; data: Buffer } | Refusal> {
      const row = await look<IdCardPhotoRow>(
        `SELECT r.phone, c.mime, c.sealed FROM id_card_photos c JOIN registrations r ON r.id = c.registration_id
         WHERE c.registration_id = ?`,
        id,
        admin_id,
        'id_card_photo_viewed',
      );
      if (!row) return refuse('NOT_FOUND');
      return { ok: true, mime: row.mime, data: vault.open(row.sealed, `ID card of ${row.phone}`) };
    },
  };
}
