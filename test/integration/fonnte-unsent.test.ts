/**
 * Messages that surely never reached the gateway, and how a gateway begins and ends. Promise checked: `sent: 'no'` is
 * said only, and always, when no request left; and what ran out of time while waiting does not go out afterwards.
 */
import { createFonnte, type FonnteOptions } from '../../src/delivery/fonnte';
import { startFakeFonnte, type FakeFonnte } from '../support/fake-fonnte';
import { startRawServer } from '../support/raw-server';

const TOKEN = 'not-a-real-token-1';
const PHONE = '6281200000001';
const OTHER = '6281200000002';
const SHORT = 250;
/** The connections a gateway opens at most. */
const CONNECTIONS = 16;

let fonnte: FakeFonnte;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  fonnte = await startFakeFonnte({ token: TOKEN });
});

afterEach(async () => {
  await fonnte.close();
  for (const close of closers.splice(0)) await close();
});

/** A gateway to the fake; which message of the outbox it sends is nothing to Fonnte. */
function gateway(options: Partial<FonnteOptions> = {}) {
  const made = createFonnte({ apiUrl: fonnte.url, apiToken: TOKEN, timeoutMs: 5_000, ...options });
  closers.push(() => made.close());
  return { ...made, send: (phone: string, text: string) => made.send(phone, text, 1) };
}

const unsent = (reason: string) => ({ kind: 'unreachable', sent: 'no', reason });

describe('a message that surely did not go out', () => {
  it('found nobody listening', async () => {
    const gone = await startFakeFonnte({ token: TOKEN });
    await gone.close();
    expect(await gateway({ apiUrl: gone.url }).send(PHONE, 'Halo')).toEqual(unsent('connection refused'));
  });

  it('found no TLS behind https', async () => {
    const outcome = await gateway({ apiUrl: fonnte.url.replace('http:', 'https:') }).send(PHONE, 'Halo');
    expect(outcome).toEqual(unsent(expect.stringMatching(/^connection failed \(/) as string));
  });

  it('waited in vain for the TLS handshake', async () => {
    const mute = await startRawServer(() => undefined, 'https');
    closers.unshift(() => mute.close());
    const outcome = await gateway({ apiUrl: mute.url, timeoutMs: SHORT }).send(PHONE, 'Halo');
    expect(outcome).toEqual(unsent('timed out'));
  });

  it('ran out of time before it had a connection, and does not go out when it gets one', async () => {
    const one = gateway({ timeoutMs: SHORT });
    const late = one.send(PHONE, 'Halo');
    // Nothing of this process runs until the time is up: the timer comes first, the connection after it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SHORT + 50);
    expect(await late).toEqual(unsent('timed out'));

    expect(await one.send(OTHER, 'Halo')).toMatchObject({ kind: 'accepted' });
    await one.close();
    expect(fonnte.requests.map((request) => request.fields.target)).toEqual([OTHER]);
  });

  it('was too many for the connections there are', async () => {
    fonnte.behave('stall');
    const phones = Array.from({ length: CONNECTIONS + 4 }, (_, i) => `62812000${1000 + i}`);
    const one = gateway({ timeoutMs: 1_000 });
    const calls = phones.map((phone) => one.send(phone, 'Halo'));
    await fonnte.waitFor(() => fonnte.count() === CONNECTIONS);
    const outcomes = await Promise.all(calls);
    await one.close();

    const read = new Set(fonnte.requests.map((request) => request.fields.target));
    const surelyUnsent = phones.filter((_, i) => {
      const outcome = outcomes[i];
      return outcome?.kind === 'unreachable' && outcome.sent === 'no';
    });
    expect(surelyUnsent.filter((phone) => read.has(phone))).toEqual([]);
    expect(outcomes.every((outcome) => outcome.kind === 'unreachable')).toBe(true);
  });
});

describe('a gateway', () => {
  it('has a name for the log', () => {
    expect(gateway().name).toBe('fonnte');
  });

  it.each([
    { apiUrl: 'not a url' },
    { apiUrl: 'ftp://127.0.0.1/send' },
    { apiToken: '' },
    { apiToken: 'two words' },
    { apiToken: 'fake\r\nX-Injected: 1' },
  ])('cannot be made with %j', (options) => {
    expect(() => gateway(options)).toThrow();
  });

  it('takes a token with the line end of its file', async () => {
    expect(await gateway({ apiToken: `${TOKEN}\n` }).send(PHONE, 'Halo')).toMatchObject({ kind: 'accepted' });
  });

  it('calls the very address it was given', async () => {
    await gateway({ apiUrl: fonnte.url.replace('/send', '/api/send?v=2') }).send(PHONE, 'Halo');
    expect(fonnte.requests.map((request) => request.path)).toEqual(['/api/send']);
  });

  it('lets calls in flight end when it closes, and takes no more', async () => {
    fonnte.behave({ delayMs: 100 });
    const one = gateway();
    const inFlight = one.send(PHONE, 'Halo');
    await fonnte.waitFor(() => fonnte.sent.length === 1);
    await Promise.all([one.close(), one.close()]);
    expect(await inFlight).toMatchObject({ kind: 'accepted' });
    expect(await one.send(PHONE, 'Halo')).toEqual(unsent('gateway closed'));
  });

  it('closes in time whatever the other side does', async () => {
    fonnte.behave('stall');
    const one = gateway({ timeoutMs: SHORT });
    const inFlight = one.send(PHONE, 'Halo');
    await fonnte.waitFor(() => fonnte.count() === 1);
    await one.close();
    expect(await inFlight).toMatchObject({ kind: 'unreachable', sent: 'maybe' });
  });
});
