/**
 * Floods. Promise: codes asked for by the thousand are stopped by the limits per address and per day, admins are told
 * once, and the chat's customers go on getting theirs; a chat customer who sends a hundred messages a second is told
 * once, and everybody else is answered meanwhile.
 */
import { Agent, request as httpRequest } from 'node:http';
import { asks, chatAt, ordinaryAnswer, phones, says, stepOf } from '../support/chat-journey';
import { DEVICE, rows, startDaftar, WEBHOOK_TOKEN, type Daftar } from '../support/daftar';
import { REQUEST_OTP } from '../support/web-form';

const STAFF = '6281100000001';
const nextChat = phones(77);
let daftar: Daftar;
let agent: Agent;
beforeEach(() => {
  agent = new Agent({ keepAlive: true, maxSockets: 64 });
});
afterEach(async () => {
  agent.destroy();
  await daftar.close();
});

const start = async (env: Record<string, string>) => {
  daftar = await startDaftar({ env: { ADMIN_PHONES: STAFF, LOG_LEVEL: 'warn', ...env } });
};

/** As Daftar.post, on kept connections: there are many. Resolves with the status and the refusal's code. */
function post(path: string, body: object, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      daftar.url + path,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const { code = '' } = JSON.parse(text) as { code?: string };
          resolve(`${response.statusCode} ${code}`.trim());
        });
      },
    );
    sent.on('error', reject).end(JSON.stringify(body));
  });
}

/** Ten thousand requests, `width` at a time, each for another phone; how often each answer came. */
async function floodOfCodes(addressOf: (n: number) => string, width = 64): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  let next = 0;
  const one = async () => {
    for (let n = next++; n < 10_000; n = next++) {
      const phone = `62812000${String(20_000 + n)}`;
      const answer = await post(
        REQUEST_OTP,
        { phone, full_name: 'Budi Santoso' },
        { 'x-forwarded-for': addressOf(n) },
      );
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: width }, one));
  return answers;
}

const alertsOf = (cause: string) => daftar.logs.filter((line) => line.includes(`"alert":"${cause}"`));
const codesOf = (channel: string) =>
  rows<{ total: number }>(daftar.service, 'SELECT COUNT(*) AS total FROM otps WHERE channel = ?', channel)[0]!
    .total;

/** A customer of the chat gets a code and goes on with it. */
async function expectChatGoesOn(): Promise<void> {
  const chat = await chatAt(daftar, 'otp', nextChat());
  expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
}

describe('ten thousand codes asked for on the web', () => {
  test('from one address: sixty are sent, all others refused, and the chat goes on', async () => {
    await start({ TRUST_PROXY: '1' });
    const answers = await floodOfCodes(() => '203.0.113.7');
    expect(answers).toEqual({ 200: 60, '429 OTP_LIMIT': 9_940 });
    expect(daftar.fonnte.sent).toHaveLength(60);
    await expectChatGoesOn();
    // Another address is not concerned.
    expect(
      await post(
        REQUEST_OTP,
        { phone: '6281200090001', full_name: 'Budi Santoso' },
        { 'x-forwarded-for': '203.0.113.8' },
      ),
    ).toBe('200');
  });

  test('from many addresses: the daily ceiling holds, admins are told once, and the chat goes on', async () => {
    await start({ TRUST_PROXY: '1', OTP_MAX_PER_DAY: '500' });
    const { monitor } = daftar.service.delivery;
    const answers = await floodOfCodes((n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
    expect(answers).toEqual({ 200: 500, '429 OTP_LIMIT': 9_500 });
    expect(codesOf('web')).toBe(500);
    for (let n = 0; n < 3; n += 1) {
      await monitor.runOnce();
      daftar.clock.advance(60_000);
    }
    await daftar.settle();
    expect(alertsOf('daily_ceiling')).toHaveLength(1);
    expect(daftar.fonnte.messagesTo(STAFF).filter((text) => text.includes('ceiling'))).toHaveLength(1);
    await expectChatGoesOn();
    expect(codesOf('chat')).toBe(1);
  });
});

describe('one chat customer who sends a hundred messages a second', () => {
  /** Floods, eight at a time, until told to stop; the clock goes on by 10 ms with each message. */
  function startFlood(sender: string) {
    const flood = { posted: 0, answers: new Set<string>() };
    let isOver = false;
    const one = async () => {
      while (!isOver) {
        daftar.clock.advance(10);
        const n = ++flood.posted;
        const timestamp = Math.floor(daftar.clock.now() / 1_000);
        const fields = { device: DEVICE, sender, message: `banjir ${n}`, inboxid: 500_000 + n, timestamp };
        flood.answers.add(await post(`/webhooks/fonnte/messages?token=${WEBHOOK_TOKEN}`, fields));
      }
    };
    const running = Promise.all(Array.from({ length: 8 }, one));
    return {
      flood,
      stop: () => {
        isOver = true;
        return running;
      },
    };
  }

  test('is told once; meanwhile all others register, and none of them waits for the flood to end', async () => {
    await start({});
    const flooder = nextChat();
    const { flood, stop } = startFlood(flooder);

    /** For each turn of another customer: how many messages of the flood were taken in while it lasted. */
    const passed: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const chat = daftar.chatWith(nextChat());
        let text = 'DAFTAR';
        do {
          const before = flood.posted;
          await chat.says(text);
          passed.push(flood.posted - before);
          const question = stepOf(daftar, chat.phone);
          text = question === 'idle' ? '' : ordinaryAnswer(question, chat);
        } while (text !== '');
        expect(chat.received().at(-1)).toContain('REG-');
      }),
    );
    await stop();
    await daftar.settle();

    expect(passed).toHaveLength(100);
    expect(flood.posted).toBeGreaterThan(100);
    expect([...flood.answers]).toEqual(['200']);
    // First come, first served: a turn meets what was there before it and while it is sent, not a whole backlog.
    expect(passed.sort((a, b) => a - b)[50]).toBeLessThan(200);

    const told = daftar.fonnte.messagesTo(flooder);
    expect(told.filter((text) => text.includes('terlalu cepat'))).toHaveLength(1);
    expect(told).toHaveLength(21);
    expect(stepOf(daftar, flooder)).toBe('idle');
  });
});
