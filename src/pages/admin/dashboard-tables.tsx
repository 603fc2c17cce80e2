/** The dashboard's figures as tables: what the pictures say, in numbers. */
import { type CodesOfDay, type FunnelOfDay } from '../../registration/statistics';
import { whole } from './parts';

/** `2026-11-25` → `25/11` */
const short = (date: string) => `${Number(date.slice(8))}/${Number(date.slice(5, 7))}`;

export const DaysTable = ({ days }: { days: readonly FunnelOfDay[] }) => (
  <div class="wide" tabIndex={0} role="region" aria-label="Tabel per hari">
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">Hari</th>
          <th scope="col">Kode diminta</th>
          <th scope="col">Terverifikasi</th>
          <th scope="col">Masuk</th>
          <th scope="col">Disetujui</th>
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map((day) => (
          <tr key={day.date}>
            <th scope="row">{short(day.date)}</th>
            <td>{whole(day.otp_requested)}</td>
            <td>{whole(day.verified)}</td>
            <td>{whole(day.submitted)}</td>
            <td>{whole(day.approved)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const CodesTable = ({ codes }: { codes: readonly CodesOfDay[] }) => (
  <div class="wide" tabIndex={0} role="region" aria-label="Kode OTP per hari">
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">Hari</th>
          <th scope="col">Diminta</th>
          <th scope="col">Diterima</th>
          <th scope="col">Sampai</th>
          <th scope="col">Gagal</th>
          <th scope="col">Median</th>
        </tr>
      </thead>
      <tbody>
        {codes.toReversed().map((day) => (
          <tr key={day.date}>
            <th scope="row">{short(day.date)}</th>
            <td>{whole(day.asked)}</td>
            <td>{whole(day.accepted)}</td>
            <td>{whole(day.delivered)}</td>
            <td class={day.failed > 0 ? 'bad' : undefined}>{whole(day.failed)}</td>
            <td>{day.median_delivery_seconds === null ? '–' : `${whole(day.median_delivery_seconds)} dtk`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
