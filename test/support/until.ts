/** Waits for what must come: looks again and again, and says what it missed when it does not come in time. */
export async function until<T>(what: string, look: () => T, timeoutMs = 5_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`Not seen within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
