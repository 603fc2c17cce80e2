/** How many get from each step to the next: today and ever. */
import { type Funnel as Counts } from '../../registration/statistics';
import { whole } from './parts';

const STEPS: [keyof Counts, string][] = [
  ['otp_requested', 'Kode diminta'],
  ['verified', 'Nomor terverifikasi'],
  ['submitted', 'Pendaftaran masuk'],
  ['approved', 'Disetujui'],
];
const WIDTH = 300;

export function Funnel({ today, all }: { today: Counts; all: Counts }) {
  const most = Math.max(1, ...STEPS.map(([step]) => all[step]));
  return (
    <ol class="funnel">
      {STEPS.map(([step, label], index) => {
        const before = index === 0 ? null : all[STEPS[index - 1]![0]];
        const width = Math.max(all[step] > 0 ? 2 : 0, (all[step] / most) * WIDTH);
        return (
          <li key={step}>
            <p>
              <span>{label}</span>
              <span>
                <strong>{whole(all[step])}</strong>
                {before !== null && before > 0 && (
                  <span class="muted"> · {Math.round((all[step] / before) * 100)}%</span>
                )}
              </span>
            </p>
            <svg viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width={WIDTH} height="8" />
              <rect class="first" width={width.toFixed(1)} height="8" />
            </svg>
            <p class="muted">hari ini {whole(today[step])}</p>
          </li>
        );
      })}
    </ol>
  );
}
