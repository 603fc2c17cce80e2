import fc from 'fast-check';
import { blockedFor, CLOCK_TOLERANCE_MS, isAhead } from '../../src/store/windows';

const HOUR = 3_600_000;
const NOW = 1_000_000_000_000;

describe('at most so many in any hour', () => {
  test.each([null, undefined])('nothing is blocked while there are fewer hits (%s)', (none) => {
    expect(blockedFor(none, HOUR, NOW)).toBe(0);
  });

  test('is blocked until the hit that counts is an hour old, to the millisecond', () => {
    expect(blockedFor(NOW, HOUR, NOW)).toBe(HOUR);
    expect(blockedFor(NOW - HOUR + 1, HOUR, NOW)).toBe(1);
    expect(blockedFor(NOW - HOUR, HOUR, NOW)).toBe(0);
    expect(blockedFor(NOW - 2 * HOUR, HOUR, NOW)).toBe(0);
  });

  test('a clock set back never makes the wait longer than the window', () => {
    expect(blockedFor(NOW + CLOCK_TOLERANCE_MS, HOUR, NOW)).toBe(HOUR);
  });

  test('property: who waits as long as told may go on, and not a millisecond earlier', () => {
    const ago = fc.integer({ min: 0, max: 3 * HOUR });
    fc.assert(
      fc.property(ago, fc.integer({ min: 1, max: 2 * HOUR }), (age, length) => {
        const at = NOW - age;
        const wait = blockedFor(at, length, NOW);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(length);
        expect(blockedFor(at, length, NOW + wait)).toBe(0);
        if (wait > 0) expect(blockedFor(at, length, NOW + wait - 1)).toBe(1);
      }),
    );
  });

  test('property: never more than the limit lie in any window', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: HOUR / 2 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (waits, limit) => {
        const hits: number[] = [];
        let now = NOW;
        for (const wait of waits) {
          now += wait;
          if (blockedFor(hits.at(-limit), HOUR, now) === 0) hits.push(now);
        }
        for (const end of hits) {
          expect(hits.filter((at) => at > end - HOUR && at <= end).length).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });
});

describe('an end that was set at most so far ahead', () => {
  test.each([
    [null, false],
    [NOW, false],
    [NOW + 1, true],
    [NOW + HOUR, true],
    [NOW + HOUR + 1, false],
  ])('%s lies ahead: %s', (end, expected) => {
    expect(isAhead(end, HOUR, NOW)).toBe(expected);
  });
});
