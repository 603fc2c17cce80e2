/** Bars for each of some days, two beside each other, drawn on the server: no script, no library. */
import { whole } from './parts';

export interface Day {
  /** `YYYY-MM-DD` */
  date: string;
  first: number;
  second: number;
}

const WIDTH = 800;
const HEIGHT = 200;
const LEFT = 36;
const TOP = 12;
const BOTTOM = 28;
const PLOT = HEIGHT - TOP - BOTTOM;
/** Of the day's own width. */
const BAR = 0.34;
const MOST_LABELS = 10;

/** `label` says in one sentence what a person who sees the picture would read from it. */
export function BarChart({ days, label }: { days: readonly Day[]; label: string }) {
  const top = roundUp(Math.max(1, ...days.flatMap(({ first, second }) => [first, second])));
  const step = (WIDTH - LEFT) / days.length;
  const y = (count: number) => TOP + PLOT - (count / top) * PLOT;
  const everyNth = Math.ceil(days.length / MOST_LABELS);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, top / 2, top].map((count) => (
        <g key={count} class="grid">
          <line x1={LEFT} x2={WIDTH} y1={y(count)} y2={y(count)} />
          <text x={LEFT - 8} y={y(count) + 4} text-anchor="end">
            {Number.isInteger(count) ? whole(count) : ''}
          </text>
        </g>
      ))}
      {days.map(({ date, first, second }, index) => {
        const x = LEFT + index * step;
        const isLabelled = (days.length - 1 - index) % everyNth === 0;
        return (
          <g key={date}>
            <Bar name="first" x={x + step * 0.14} width={step * BAR} y={y(first)} />
            <Bar name="second" x={x + step * (0.14 + BAR + 0.04)} width={step * BAR} y={y(second)} />
            {isLabelled && (
              <text x={x + step / 2} y={HEIGHT - 8} text-anchor="middle">
                {`${Number(date.slice(8))}/${Number(date.slice(5, 7))}`}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

const Bar = ({ name, x, y, width }: { name: string; x: number; y: number; width: number }) => (
  <rect class={name} x={x.toFixed(1)} y={y.toFixed(1)} width={width.toFixed(1)} height={(TOP + PLOT - y).toFixed(1)} />
);

/** To 2, 4, 10, 20, 40, 100, …: even, so that half of it is a number too. */
function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 10].map((factor) => factor * power).find((top) => top >= most && top % 2 === 0) ?? 2;
}
