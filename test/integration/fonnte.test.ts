/**
 * The Fonnte gateway against a real HTTP server that behaves, refuses and misbehaves as Fonnte does or might. Promise
 * checked throughout: send() answers in time, never throws, and says truly whether the message may have gone out.
 */
import { createFonnte, type FonnteOptions } from '../../src/delivery/fonnte';
import { type SendOutcome } from '../../src/delivery/gateway';
import { startFakeFonnte, type Behaviour, type FakeFonnte } from '../support/fake-fonnte';
import { startRawServer, type RawServer } from '../support/raw-server';

const TOKEN = 'not-a-real-token-1';
const PHONE = '6281200000001';
const OTHER = '6281200000002';
const TEXT = 'Halo Budi,\n\nKode OTP Anda untuk verifikasi pendaftaran Contoh adalah:\n\n*135790*';
/** Milliseconds for calls that are meant to time out. */
const SHORT = 250;

let fonnte: FakeFonnte;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  fonnte = await startFakeFonnte({ token: TOKEN });
});

afterEach(async () => {
  // The server first: it cuts what a test left open, so that the gateway has nothing to wait for.
  await fonnte.close();
  for (const close of closers.splice(0)) await close();
});

/** A gateway to the fake; which message of the outbox it sends is nothing to Fonnte. */
function gateway(options: Partial<FonnteOptions> = {}) {
  const made = createFonnte({ apiUrl: fonnte.url, apiToken: TOKEN, timeoutMs: 5_000, ...options });
  closers.push(() => made.close());
  return { ...made, send: (phone: string, text: string) => made.send(phone, text, 1) };
}

async function rawServer(...args: Parameters<typeof startRawServer>): Promise<RawServer> {
  const server = await startRawServer(...args);
  closers.unshift(() => server.close());
  return server;
}

/** The outcome, once it is clear that the call took about as long as it may and no longer. */
async function timed(call: Promise<SendOutcome>, limit: number): Promise<SendOutcome> {
  const began = performance.now();
  const outcome = await call;
  expect(performance.now() - began).toBeLessThan(limit + 1_000);
  return outcome;
}

describe('a message that is taken', () => {
  it('arrives as three strings under the bare token', async () => {
    expect(await gateway().send(PHONE, TEXT)).toEqual({ kind: 'accepted', gateway_id: '126567831' });

    const [request] = fonnte.requests;
    expect(request?.fields).toEqual({ target: PHONE, message: TEXT, countryCode: '62' });
    expect(request?.headers).toMatchObject({ authorization: TOKEN, 'content-type': 'application/json' });
    expect(fonnte.messagesTo(PHONE)).toEqual([TEXT]);
    expect(fonnte.lastCodeTo(PHONE)).toBe('135790');
  });

  it('is taken with an answer of the older form too', async () => {
    fonnte.style = 'old';
    expect(await gateway().send(PHONE, TEXT)).toEqual({ kind: 'accepted', gateway_id: '126567831' });
  });

  it('arrives whole with emoji, quotes and line ends, and with half a character mended', async () => {
    const one = gateway();
    await one.send(PHONE, '"Halo" \\ 😀\r\n{name}');
    await one.send(PHONE, 'a\ud800b');
    expect(fonnte.messagesTo(PHONE)).toEqual(['"Halo" \\ 😀\r\n{name}', 'a\ufffdb']);
  });

  it('shares its connections with the next ones', async () => {
    const one = gateway();
    for (let i = 0; i < 6; i += 1) await one.send(PHONE, TEXT);
    // Two: undici lets a connection rest for one turn of the event loop before it is used again.
    expect(fonnte.connections).toBeLessThanOrEqual(2);
  });

  it('may be one of many at once, each with its own id', async () => {
    const one = gateway();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) => one.send(`62812000${1000 + i}`, TEXT)),
    );
    const ids = outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.gateway_id : outcome));
    expect(new Set(ids).size).toBe(40);
  });
});

describe('a message that is refused', () => {
  it.each([
    ['token invalid', 'account'],
    ['request invalid on disconnected device', 'device'],
    ['target invalid', 'number'],
    ['invalid/empty body value', 'request'],
  ])('with "%s" concerns the %s', async (reason, blamed) => {
    fonnte.behave({ refuse: reason }, PHONE);
    const one = gateway();
    expect(await one.send(PHONE, TEXT)).toEqual({ kind: 'refused', class: blamed, reason });
    expect(await one.send(OTHER, TEXT)).toMatchObject({ kind: 'accepted' });
  });

  it('under a wrong token concerns the account', async () => {
    const outcome = await gateway({ apiToken: 'another-fake-token' }).send(PHONE, TEXT);
    expect(outcome).toEqual({ kind: 'refused', class: 'account', reason: 'token invalid' });
  });

  it('for its emptiness concerns our request', async () => {
    expect(await gateway().send(PHONE, '')).toMatchObject({ kind: 'refused', class: 'request' });
  });

  it.each(['', '6281200000001,6281200000002', '+6281200000001', '08x', '6'.repeat(30)])(
    'for the phone %j never leaves the house',
    async (phone) => {
      expect(await gateway().send(phone, TEXT)).toMatchObject({ kind: 'refused', class: 'number' });
      expect(fonnte.count()).toBe(0);
    },
  );

  it('by a redirect is not carried on, and says so', async () => {
    fonnte.behave('redirect');
    expect(await gateway().send(PHONE, TEXT)).toEqual({
      kind: 'refused',
      class: 'request',
      reason: 'HTTP 302: the URL redirects, correct the address',
    });
    expect(fonnte.requests.map((request) => request.path)).toEqual(['/send']);
  });

  it('by HTTP 401 or 403 concerns the account, by another 4xx the request', async () => {
    const one = gateway();
    for (const [http, blamed] of [
      [401, 'account'],
      [403, 'account'],
      [404, 'request'],
    ] as const) {
      fonnte.behave({ http, body: '<html>no</html>' });
      expect(await one.send(PHONE, TEXT)).toEqual({ kind: 'refused', class: blamed, reason: `HTTP ${http}` });
    }
  });

  it('tells nothing secret when the gateway quotes what it got', async () => {
    fonnte.behave({ refuse: `odd request: ${TOKEN} ${PHONE} ${TEXT}` });
    const outcome = await gateway().send(PHONE, TEXT);
    expect(outcome).toMatchObject({
      kind: 'refused',
      class: 'request',
      reason: expect.stringMatching(/^odd request/) as string,
    });
    expect(JSON.stringify(outcome)).not.toMatch(/not-a-real|812|Budi|135790/);
  });
});

describe('a message of which nobody knows', () => {
  const maybe = (reason: string) => ({ kind: 'unreachable', sent: 'maybe', reason });

  it.each<[Behaviour, string]>([
    ['html', 'no readable answer (HTTP 200)'],
    ['empty', 'no readable answer (HTTP 200)'],
    ['huge', 'no readable answer: too long (HTTP 200)'],
    ['cut_before_answer', 'connection cut'],
    ['cut_after_reading', 'connection cut'],
    ['cut_mid_answer', 'connection cut (HTTP 200)'],
    [{ http: 500 }, 'HTTP 500'],
    [{ http: 503, body: { status: false, reason: 'token invalid' } }, 'HTTP 503'],
  ])('after %j may have gone out, and the next is sent as ever', async (behaviour, reason) => {
    fonnte.behave(behaviour, PHONE);
    const one = gateway();
    expect(await one.send(PHONE, TEXT)).toEqual(maybe(reason));
    expect(fonnte.count()).toBe(1);
    expect(await one.send(OTHER, TEXT)).toMatchObject({ kind: 'accepted' });
  });

  it.each<[Behaviour, string]>([
    ['stall', 'timed out'],
    [{ delayMs: 60_000 }, 'timed out'],
    ['drip', 'timed out (HTTP 200)'],
  ])('after %j ends when its time is up', async (behaviour, reason) => {
    fonnte.behave(behaviour);
    expect(await timed(gateway({ timeoutMs: SHORT }).send(PHONE, TEXT), SHORT)).toEqual(maybe(reason));
    await fonnte.waitFor(() => fonnte.requests.every((request) => request.closed));
  });

  it('was not followed by the reading of 10 MB', async () => {
    fonnte.behave('huge');
    await gateway().send(PHONE, TEXT);
    await fonnte.waitFor(() => fonnte.requests[0]?.closed);
    expect(fonnte.requests[0]?.answered).toBe(false);
  });

  it('is to be tried again when the gateway says', async () => {
    const one = gateway({ clock: { now: () => Date.UTC(2026, 0, 5, 12) } });
    fonnte.behave({ http: 429, headers: { 'retry-after': '7' } });
    expect(await one.send(PHONE, TEXT)).toEqual({ ...maybe('HTTP 429'), retry_after_ms: 7_000 });
    fonnte.behave({ http: 503, headers: { 'retry-after': 'Mon, 05 Jan 2026 12:01:00 GMT' } });
    expect(await one.send(PHONE, TEXT)).toEqual({ ...maybe('HTTP 503'), retry_after_ms: 60_000 });
  });

  it('after something that is not HTTP may have gone out', async () => {
    const raw = await rawServer((socket) => socket.end('SSH-2.0-not-http\r\n'));
    expect(await gateway({ apiUrl: raw.url }).send(PHONE, TEXT)).toEqual(maybe('no readable answer'));
  });

  it('is read past an interim answer', async () => {
    const body = '{"status":true,"id":["5"]}';
    const raw = await rawServer((socket) => {
      socket.end(
        `HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    expect(await gateway({ apiUrl: raw.url }).send(PHONE, TEXT)).toEqual({
      kind: 'accepted',
      gateway_id: '5',
    });
  });
});
