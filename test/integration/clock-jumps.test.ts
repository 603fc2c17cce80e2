/**
 * The clock jumps an hour or a day, either way, at each stage. Promise:
 * - No code lives longer. After a step back a code whose making now lies more than 5 s ahead is dead at once, and for
 *   good within 30 s; one that was older than the step lives on for OTP_TTL_SECONDS and 5 s at most.
 * - Nobody is locked out: what limits remember of the future does not count, and no wait exceeds its own window.
 * - Nothing is stuck: the step is noticed within 30 s, and then messages, leases, probes, checks and alerts go on.
 * - A step forward is as if the time had passed: lives end, waits are over.
 */
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { asks, chatAt, finish, goOnTo, phones, placesOf, says, stepOf } from '../support/chat-journey';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { FORM, gist, newPhones, webForm, wrongCode } from '../support/web-form';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/platform/clock';

const BACK = [
  ['an hour', -HOUR],
  ['a day', -DAY],
] as const;
const FORWARD = [
  ['an hour', HOUR],
  ['a day', DAY],
] as const;
const ANY = [
  ['back an hour', -HOUR],
  ['back a day', -DAY],
  ['forward an hour', HOUR],
  ['forward a day', DAY],
] as const;

const STAFF = '6281100000001';
const nextPhone = newPhones();
const nextChat = phones(75);
let daftar: Daftar;
let form: ReturnType<typeof webForm>;

const start = async (env: Record<string, string> = {}) => {
  await daftar?.close();
  daftar = await startDaftar({ env: { OTP_MAX_PER_IP_PER_HOUR: '0', ...env } });
  form = webForm(daftar);
  await notice();
};
beforeEach(() => start());
afterAll(() => daftar.close());

/** What the watch does by itself every 30 seconds. */
const notice = () => daftar.service.delivery.monitor.runOnce();
async function jump(ms: number): Promise<void> {
  daftar.clock.advance(ms);
  await notice();
}
const FOREVER_WRONG = { http: 500 };
const states = (phone: string) =>
  rows<{ state: string }>(
    daftar.service,
    'SELECT state FROM messages WHERE phone = ? ORDER BY id',
    phone,
  ).map(({ state }) => state);

describe('a code that was sent', () => {
  test.each(ANY)('is over, and a new one is to be had at once: %s', async (_, ms) => {
    const phone = nextPhone();
    const code = await form.codeFor(phone);
    daftar.clock.advance(ms);
    expect(gist(await form.verifyOtp(phone, code))).toEqual({ status: 400, code: 'OTP_EXPIRED' });
    expect((await form.verifyOtp(phone, await form.codeFor(phone))).status).toBe(200);
  });

  test.each(BACK)('does not come back to life when the clock gets there again: back %s', async (_, ms) => {
    const phone = nextPhone();
    const code = await form.codeFor(phone);
    await jump(ms);
    for (const wait of [-ms - MINUTE, MINUTE, MINUTE]) {
      await jump(wait);
      expect(gist(await form.verifyOtp(phone, code))).toEqual({ status: 400, code: 'OTP_EXPIRED' });
    }
  });

  test('lives on, for no more than its time and 5 seconds, when the step was shorter than its age', async () => {
    const [one, other] = [nextPhone(), nextPhone()];
    const codes = [await form.codeFor(one), await form.codeFor(other)] as const;
    daftar.clock.advance(4 * MINUTE);
    await jump(-4 * MINUTE - 5 * SECOND);
    expect((await form.verifyOtp(one, codes[0])).status).toBe(200);
    await jump(5 * MINUTE + 5 * SECOND);
    expect((await form.verifyOtp(other, codes[1])).body.code).toBe('OTP_EXPIRED');
  });

  test.each([-3 * SECOND, 3 * SECOND])('is not lost to a correction of %i ms', async (ms) => {
    const phone = nextPhone();
    const code = await form.codeFor(phone);
    await jump(ms);
    expect((await form.verifyOtp(phone, code)).status).toBe(200);
  });
});

describe('a code that waits in the outbox', () => {
  test.each(ANY)('is not sent any more, and a new one is to be had at once: %s', async (_, ms) => {
    await start({ SEND_WAIT_MS: '50' });
    const phone = nextPhone();
    daftar.fonnte.behave(FOREVER_WRONG);
    expect((await form.requestOtp(phone)).status).toBe(202);
    await daftar.settle();
    expect(states(phone)).toEqual(['queued']);
    await jump(ms);
    daftar.fonnte.behave('accept');
    await daftar.settle();
    expect(states(phone)).toEqual(['expired']);
    expect(daftar.fonnte.messagesTo(phone)).toEqual([]);
    expect((await form.requestOtp(phone)).status).toBeLessThan(300);
    await daftar.settle();
    expect((await form.verifyOtp(phone, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
  });
});

describe('a message that is being sent', () => {
  const LEASE = 15 * SECOND;
  /** As by a sender that died at once. */
  const claimAndDie = () => {
    const { database, delivery } = daftar.service;
    return database.unitOfWork.run((tx) => {
      daftar.clock.advance(2 * SECOND);
      return delivery.outbox.claim(tx, 1, LEASE);
    });
  };

  test.each(BACK)('by a sender that died goes again after its lease: back %s', async (_, ms) => {
    const phone = nextPhone();
    daftar.fonnte.behave(FOREVER_WRONG);
    await daftar.webhook({ sender: phone, message: 'Halo' });
    await daftar.settle();
    expect(await claimAndDie()).toHaveLength(1);
    daftar.fonnte.behave('accept');
    await jump(ms);
    await daftar.settle();
    daftar.clock.advance(LEASE - 1);
    await daftar.settle();
    expect(states(phone)).toEqual(['sending']);
    daftar.clock.advance(1);
    await daftar.settle();
    expect(states(phone)).toEqual(['accepted']);
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(1);
  });

  test.each(BACK)('just now is not sent twice for that: back %s', async (_, ms) => {
    const phone = nextPhone();
    daftar.fonnte.behave({ delayMs: 200 });
    await daftar.webhook({ sender: phone, message: 'Halo' });
    await daftar.fonnte.waitFor(() => daftar.fonnte.count() === 1);
    await jump(ms);
    await daftar.settle();
    expect(states(phone)).toEqual(['accepted']);
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(1);
  });

  test.each(FORWARD)('is not stuck: forward %s', async (_, ms) => {
    const phone = nextPhone();
    daftar.fonnte.behave({ delayMs: 200 });
    await daftar.webhook({ sender: phone, message: 'Halo' });
    await daftar.fonnte.waitFor(() => daftar.fonnte.count() === 1);
    await jump(ms);
    await daftar.settle();
    expect(['accepted', 'expired']).toContain(states(phone)[0]);
    expect(await daftar.chatWith(phone).says('Halo lagi')).not.toBe('');
  });
});

describe('a message that waits for its next try', () => {
  async function tryInVain(phone: string): Promise<void> {
    daftar.fonnte.behave(FOREVER_WRONG);
    await daftar.webhook({ sender: phone, message: 'DAFTAR' });
    await daftar.settle();
    expect(states(phone)).toEqual(['queued']);
    daftar.fonnte.behave('accept');
  }

  test.each(BACK)('goes at once, before what was queued later: back %s', async (_, ms) => {
    const phone = nextPhone();
    await tryInVain(phone);
    daftar.clock.advance(ms);
    await daftar.webhook({ sender: phone, message: 'Budi Santoso' });
    await notice();
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(phone)).toEqual([
      expect.stringContaining(asks('name')),
      expect.stringContaining('Kode OTP Anda'),
      expect.stringContaining(asks('otp')),
    ]);
  });

  test.each(BACK)('does not live longer than it would have from now on: back %s', async (_, ms) => {
    const phone = nextPhone();
    await tryInVain(phone);
    daftar.fonnte.behave(FOREVER_WRONG);
    await jump(ms);
    daftar.clock.advance(HOUR);
    await daftar.settle();
    expect(states(phone)).toEqual(['expired']);
  });

  test.each(FORWARD)('is over with its hour, and the next is answered: forward %s', async (_, ms) => {
    const phone = nextPhone();
    await tryInVain(phone);
    await jump(ms);
    await daftar.settle();
    expect(states(phone)).toEqual(['expired']);
    expect(await daftar.chatWith(phone).says('Budi Santoso')).not.toBe('');
  });
});

describe('a proof', () => {
  const register = (phone: string, verification_token: string) =>
    form.register({ ...FORM, email: `a${phone}@contoh.id`, phone, verification_token });

  test.each(BACK)('is good for what it was, and for no more than its time: back %s', async (_, ms) => {
    const [one, other] = [nextPhone(), nextPhone()];
    const tokens = [await form.tokenFor(one), await form.tokenFor(other)] as const;
    await jump(ms);
    expect((await register(one, tokens[0])).status).toBe(201);
    daftar.clock.advance(30 * MINUTE);
    expect((await register(other, tokens[1])).body.code).toBe('NOT_VERIFIED');
  });

  test.each(FORWARD)('has run out: forward %s', async (_, ms) => {
    const phone = nextPhone();
    const token = await form.tokenFor(phone);
    await jump(ms);
    expect((await register(phone, token)).body.code).toBe('NOT_VERIFIED');
  });
});

describe('a chat', () => {
  test.each([...BACK, FORWARD[0]])('goes on where it was: %s (%i)', async (_, ms) => {
    const chat = await chatAt(daftar, 'address', nextChat());
    await jump(ms);
    expect(stepOf(daftar, chat.phone)).toBe('address');
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test.each(BACK)(
    'left lying is erased a day later, not when the clock has caught up: back %s',
    async (_, ms) => {
      const chat = await chatAt(daftar, 'address', nextChat());
      await jump(ms);
      daftar.clock.advance(DAY);
      await daftar.service.formExpiry.runOnce();
      expect(stepOf(daftar, chat.phone)).toBe('idle');
    },
  );

  test('starts over after a day, as after any long silence', async () => {
    const chat = await chatAt(daftar, 'address', nextChat());
    await jump(DAY);
    await says(daftar, chat, 'Jl. Mawar No. 12');
    expect(stepOf(daftar, chat.phone)).not.toBe('city');
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test.each(BACK)('is erased whole, what was typed before and after: back %s', async (_, ms) => {
    const chat = await chatAt(daftar, 'email', nextChat(), { name: 'Zubaidah Wirakusumah' });
    daftar.clock.advance(ms);
    await goOnTo(daftar, chat, 'city', { address: 'Gang Kelinci Terbang 77' });
    await notice();
    await goOnTo(daftar, chat, 'location', { city: 'Kota Antah Berantah' });
    await says(daftar, chat, 'BATAL');
    for (const typed of ['Zubaidah', 'Kelinci', 'Antah']) expect(placesOf(daftar, typed)).toEqual([]);
  });

  test.each(BACK)('of an ordinary customer is not taken for a machine’s: back %s', async (_, ms) => {
    const chat = daftar.chatWith(nextChat());
    for (let n = 0; n < 20; n += 1) {
      daftar.clock.advance(2 * MINUTE + SECOND);
      await chat.says('STATUS');
    }
    await jump(ms);
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test.each(BACK)('is silenced no longer than ten minutes for going too fast: back %s', async (_, ms) => {
    const chat = daftar.chatWith(nextChat());
    for (let n = 0; n < 6; n += 1) await chat.sends({ message: 'halo' });
    expect(await chat.sends({ message: 'DAFTAR' })).toEqual([]);
    await jump(ms);
    daftar.clock.advance(10 * MINUTE);
    expect(await chat.says('DAFTAR')).toContain(asks('name'));
  });

  test.each(BACK)('whose gateway numbers nothing takes the same word again: back %s', async (_, ms) => {
    const phone = nextChat();
    const word = { sender: phone, message: 'STATUS', inboxid: 0, timestamp: '' };
    await daftar.webhook(word);
    expect((await daftar.webhook(word)).body).toMatchObject({ data: { outcome: 'repeated' } });
    await jump(ms);
    expect((await daftar.webhook(word)).body).toMatchObject({ data: { outcome: 'handled' } });
  });
});

describe('the circuit, open with a probe to come', () => {
  test.each(ANY)('tries within 30 seconds, and closes when the device is back: %s', async (_, ms) => {
    await start({ ADMIN_PHONES: STAFF });
    daftar.fonnte.behave({ refuse: 'request invalid on disconnected device' });
    await daftar.webhook({ sender: nextPhone(), message: 'Halo' });
    await daftar.settle();
    await jump(ms);
    daftar.fonnte.behave('accept');
    daftar.clock.advance(30 * SECOND);
    const phone = nextPhone();
    await daftar.webhook({ sender: phone, message: 'Halo' });
    await daftar.settle();
    expect(states(phone)).toEqual(['accepted']);
    expect(daftar.service.delivery.circuit.state(daftar.service.database.reads).open).toBe(false);
    expect((await form.requestOtp(nextPhone())).status).toBe(200);
    const told = rows<{ text: string }>(
      daftar.service,
      `SELECT text FROM messages WHERE phone = ? AND text LIKE '%irc%' OR text LIKE '%Sending%' ORDER BY id`,
      STAFF,
    );
    expect(told).toHaveLength(2);
  });
});

describe('limits that have been reached', () => {
  test.each(ANY)('of codes an hour and a phone keep nobody out: %s', async (_, ms) => {
    const phone = nextPhone();
    for (let n = 0; n < 5; n += 1) {
      await form.codeFor(phone);
      daftar.clock.advance(MINUTE);
    }
    expect((await form.requestOtp(phone)).body.code).toBe('OTP_LIMIT');
    await jump(ms);
    expect((await form.requestOtp(phone)).status).toBe(200);
  });

  test.each(ANY)('of codes an hour and an address keep nobody out: %s', async (_, ms) => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '3' });
    for (let n = 0; n < 3; n += 1) await form.codeFor(nextPhone());
    expect((await form.requestOtp(nextPhone())).body.code).toBe('OTP_LIMIT');
    await jump(ms);
    expect((await form.requestOtp(nextPhone())).status).toBe(200);
  });

  test.each([...BACK, FORWARD[1]])('of codes a day keep nobody out: %s (%i)', async (_, ms) => {
    await start({ OTP_MAX_PER_DAY: '3' });
    for (let n = 0; n < 3; n += 1) await form.codeFor(nextPhone());
    expect((await form.requestOtp(nextPhone())).body.code).toBe('OTP_LIMIT');
    await jump(ms);
    expect((await form.requestOtp(nextPhone())).status).toBe(200);
    expect(alertsOf('daily_ceiling')).toEqual([]);
  });

  test.each([...BACK, FORWARD[1]])('of wrong tries a day lock nobody out: %s (%i)', async (_, ms) => {
    const phone = nextPhone();
    for (let n = 0; n < 2; n += 1) {
      const code = await form.codeFor(phone);
      for (let wrong = 1; wrong <= 5; wrong += 1) await form.verifyOtp(phone, wrongCode(code, wrong));
      daftar.clock.advance(MINUTE);
    }
    expect((await form.requestOtp(phone)).body.code).toBe('OTP_LIMIT');
    await jump(ms);
    expect((await form.verifyOtp(phone, await form.codeFor(phone))).status).toBe(200);
  });

  test.each(BACK)(
    'wait no longer than their own window once the clock gets there again: %s',
    async (_, ms) => {
      const phone = nextPhone();
      for (let n = 0; n < 5; n += 1) {
        await form.codeFor(phone);
        daftar.clock.advance(MINUTE);
      }
      await jump(ms);
      await jump(-ms);
      const { headers } = await form.requestOtp(phone);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(3_600);
    },
  );
});

const alertsOf = (cause: string) => daftar.logs.filter((line) => line.includes(`"alert":"${cause}"`));

describe('the watch', () => {
  test.each(ANY)('goes on asking for the device: %s', async (_, ms) => {
    const asked = daftar.fonnte.count('/device');
    await jump(ms);
    expect(daftar.fonnte.count('/device')).toBe(asked + 1);
  });

  test('notices that no code goes out within an hour all the same', async () => {
    await form.codeFor(nextPhone());
    await jump(-DAY);
    daftar.fonnte.behave({ refuse: 'target invalid' });
    await form.requestOtp(nextPhone());
    await jump(59 * MINUTE);
    await form.requestOtp(nextPhone());
    await jump(2 * MINUTE);
    expect(alertsOf('no_code_sent')).toHaveLength(1);
  });

  test.each(BACK)('notices five failed codes in a row all the same: back %s', async (_, ms) => {
    for (let n = 0; n < 5; n += 1) await form.codeFor(nextPhone());
    await jump(ms);
    daftar.fonnte.behave({ refuse: 'target invalid' });
    for (let n = 0; n < 5; n += 1) await form.requestOtp(nextPhone());
    await jump(MINUTE);
    expect(alertsOf('codes_failing')).toHaveLength(1);
  });

  describe('with an ALERT_URL that was down', () => {
    const taken: string[] = [];
    let isDown = true;
    let sink: Server;
    beforeAll(async () => {
      sink = createServer((request, response) => {
        void text(request).then((body) => {
          if (!isDown) taken.push(body);
          response.writeHead(isDown ? 500 : 204).end();
        });
      });
      await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => sink.close());

    test.each([...BACK, FORWARD[0]])('tries again: %s (%i)', async (_, ms) => {
      await start({ ALERT_URL: `http://127.0.0.1:${(sink.address() as AddressInfo).port}/alerts` });
      isDown = true;
      taken.length = 0;
      daftar.fonnte.answers.device = { device_status: 'disconnect', quota: '5000' };
      await jump(10 * MINUTE);
      const waiting = rows(daftar.service, 'SELECT 1 FROM alert_posts').length;
      expect(waiting).toBeGreaterThan(0);
      isDown = false;
      await jump(ms);
      expect(taken).toHaveLength(waiting);
    });
  });
});
