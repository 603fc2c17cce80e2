/** Lets a few pieces of costly work run at once and a bounded number wait their turn. */
export interface Queue {
  /** Null, at once, when too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T | null>;
}

export function createQueue(atOnce: number, mostWaiting: number): Queue {
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    async run(work) {
      if (running >= atOnce) {
        if (waiting.length >= mostWaiting) return null;
        // Whoever ends hands its place over, so that `running` never counts one too many.
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else running += 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
