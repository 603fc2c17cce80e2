/**
 * Fault tests have two sizes: a short one for every change, and a long one for `npm run test:soak` (SOAK=1).
 * What they leave to chance comes from one seed, which a failure names: `SEED=<n>` plays it again.
 */
export const SOAK = process.env['SOAK'] === '1';

/** The size to run at. */
export const size = (short: number, long: number): number => (SOAK ? long : short);

export const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

export interface Chance {
  /** From 0 up to, not including, `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32 (Tommy Ettinger, public domain): small, and good enough to choose test inputs. */
export function chance(seed = SEED): Chance {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return { below, pick: (from) => from[below(from.length)]! };
}

/** Runs a test whose course depends on chance; when it fails, says how to play it again. */
export async function seeded(work: (dice: Chance) => Promise<void>): Promise<void> {
  try {
    await work(chance());
  } catch (error) {
    if (error instanceof Error) error.message = `[SEED=${SEED}${SOAK ? ' SOAK=1' : ''}] ${error.message}`;
    throw error;
  }
}

/** Figures measured on the way, for docs/reliability.md: printed by the long form only. */
export function figures(what: string, values: Record<string, number | string>): void {
  if (SOAK) process.stderr.write(`${what}: ${JSON.stringify(values)}\n`);
}
