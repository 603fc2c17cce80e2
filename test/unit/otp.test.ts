/** The decisions about one-time codes: when one may be issued, and when a try is judged. */
import fc from 'fast-check';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import { type IssueFacts, mayIssue, mayTry, type OtpLimits } from '../../src/registration/otp';

const NOW = Date.parse('2026-11-25T03:00:00Z');
const LIMITS: OtpLimits = {
  ttlSeconds: 300,
  maxAttempts: 5,
  resendSeconds: 60,
  maxPerHour: 5,
  maxPerPhonePerDay: 10,
  maxPerIpPerHour: 60,
  maxPerDay: 2000,
};

const QUIET: IssueFacts = {
  latest: null,
  hour: null,
  day: null,
  ceiling: null,
  wrongTries: null,
  addressBlockedFor: 0,
};

describe('may a code be issued', () => {
  const issue = (facts: Partial<IssueFacts>, now = NOW) => {
    const refusal = mayIssue({ ...QUIET, ...facts }, LIMITS, now);
    return refusal ? [refusal.code, refusal.retry_after] : 'issued';
  };

  test('to a phone nobody has asked for yet: yes', () => expect(issue({})).toBe('issued'));

  test.each<[string, Partial<IssueFacts>, [string, number]]>([
    ['right after another', { latest: NOW }, ['OTP_COOLDOWN', 60]],
    ['a moment too early', { latest: NOW - 59_999 }, ['OTP_COOLDOWN', 1]],
    ['the fifth was within the hour', { hour: NOW - HOUR + 90_001 }, ['OTP_LIMIT', 91]],
    ['the tenth was within a day', { day: NOW - DAY + 1 }, ['OTP_LIMIT', 1]],
    ['the ceiling is reached', { ceiling: NOW - HOUR }, ['OTP_LIMIT', 23 * 3600]],
    ['too many wrong tries', { wrongTries: NOW - 12 * HOUR }, ['OTP_LIMIT', 12 * 3600]],
    ['the address asked too often', { addressBlockedFor: 5 * MINUTE }, ['OTP_LIMIT', 300]],
  ])('%s: no, and for how long', (_why, facts, refusal) => expect(issue(facts)).toEqual(refusal));

  test.each<[string, Partial<IssueFacts>]>([
    ['the wait is over', { latest: NOW - 60_000 }],
    ['the hour is over', { hour: NOW - HOUR }],
    ['the day is over', { day: NOW - DAY, ceiling: NOW - DAY, wrongTries: NOW - DAY }],
  ])('%s: yes, to the millisecond', (_why, facts) => expect(issue(facts)).toBe('issued'));

  test('where several limits hold, the longest wait is told, and a limit before the cooldown', () => {
    expect(issue({ latest: NOW, hour: NOW - HOUR + SECOND })).toEqual(['OTP_LIMIT', 1]);
    expect(issue({ hour: NOW - HOUR + SECOND, day: NOW - HOUR, addressBlockedFor: 2 * MINUTE })).toEqual([
      'OTP_LIMIT',
      23 * 3600,
    ]);
  });

  test('a clock that was set back makes nobody wait longer than the limit itself', () => {
    expect(issue({ latest: NOW + 4_000 })).toEqual(['OTP_COOLDOWN', 60]);
    expect(issue({ hour: NOW + 4_000 })).toEqual(['OTP_LIMIT', 3600]);
  });

  test('property: whoever waits as long as he is told is not refused for the same reason again', () => {
    const time = fc.option(fc.integer({ min: NOW - 2 * DAY, max: NOW }));
    const facts = fc.record({
      latest: time,
      hour: time,
      day: time,
      ceiling: time,
      wrongTries: time,
      addressBlockedFor: fc.constant(0),
    });
    fc.assert(
      fc.property(facts, (some) => {
        const refusal = mayIssue(some, LIMITS, NOW);
        if (!refusal) return;
        const wait = refusal.retry_after! * SECOND;
        expect(mayIssue(some, LIMITS, NOW + wait)?.code).not.toBe(refusal.code);
        if (wait > SECOND) expect(mayIssue(some, LIMITS, NOW + wait - SECOND)?.code).toBe(refusal.code);
      }),
    );
  });
});

describe('is a try judged', () => {
  const code = { attempts: 0, used_at: null, created_at: NOW - MINUTE, expires_at: NOW + 4 * MINUTE };
  const judge = (
    otp: Partial<typeof code> | { used_at: number } | undefined,
    nthWrongTryAt: number | null,
  ) => {
    const refusal = mayTry(otp && { ...code, ...otp }, nthWrongTryAt, LIMITS, NOW);
    return refusal ? [refusal.code, refusal.retry_after] : 'judged';
  };

  test('against a code in force: yes', () => expect(judge({}, null)).toBe('judged'));
  test('the last try that is left: yes', () => expect(judge({ attempts: 4 }, null)).toBe('judged'));
  test('no code was asked for', () => expect(judge(undefined, null)).toEqual(['OTP_NOT_FOUND', undefined]));
  test('the code was used', () =>
    expect(judge({ used_at: NOW - 1 }, null)).toEqual(['OTP_NOT_FOUND', undefined]));

  test('its time is over, to the millisecond', () => {
    expect(judge({ expires_at: NOW }, null)).toEqual(['OTP_EXPIRED', undefined]);
    expect(judge({ expires_at: NOW + 1 }, null)).toBe('judged');
  });

  test('all tries are spent: wait until a new code may be asked for', () => {
    expect(judge({ attempts: 5, created_at: NOW - 20 * SECOND }, null)).toEqual(['OTP_LOCKED', 40]);
    expect(judge({ attempts: 5, created_at: NOW - HOUR, expires_at: NOW - 55 * MINUTE }, null)).toEqual([
      'OTP_LOCKED',
      1,
    ]);
  });

  test('ten wrong tries within a day lock whatever else is true', () => {
    for (const otp of [undefined, {}, { used_at: NOW - 1 }, { expires_at: NOW - 1 }])
      expect(judge(otp, NOW - DAY + 1500)).toEqual(['OTP_LOCKED', 2]);
    expect(judge({}, NOW - DAY)).toBe('judged');
  });

  test('a code from before the clock was set back lives no longer for that', () => {
    expect(judge({ created_at: NOW + HOUR, expires_at: NOW + HOUR + 5 * MINUTE }, null)).toEqual([
      'OTP_EXPIRED',
      undefined,
    ]);
    expect(judge({ created_at: NOW + 2 * SECOND }, null)).toBe('judged');
  });
});
