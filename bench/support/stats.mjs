/** The middle value: one bad round on a busy machine does not move it. */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The value that `share` of the sorted values stay below. */
export const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** The median of one field over rounds. */
export const middle = (rounds, field) => median(rounds.map((round) => round[field]));

/** How a round's numbers are shown: three digits are what such a measurement is good for. */
export const short = (value) => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
