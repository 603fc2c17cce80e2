/** When the gateway, the device or the account is in trouble: who is told what, and how it goes on afterwards. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startDaftar, rows, type Answer, type Daftar, WEBHOOK_TOKEN } from '../support/daftar';
import { MINUTE, SECOND } from '../../src/platform/clock';

const BUDI = '6281200000001';
const SITI = '6281200000002';
const ADMIN = '6281200000099';
const DISCONNECTED = { refuse: 'request invalid on disconnected device' };
let daftar: Daftar;

const start = async (env: Record<string, string> = {}) => {
  daftar = await startDaftar({ env: { ADMIN_PHONES: ADMIN, SEND_WAIT_MS: '2000', ...env } });
};
afterEach(() => daftar.close());

const requestOtp = (phone: string): Promise<Answer> =>
  daftar.post('/api/registrations/public/request-otp', { phone, full_name: 'Budi Santoso' });
const status = (event: Record<string, unknown>) =>
  daftar.post(`/webhooks/fonnte/statuses?token=${WEBHOOK_TOKEN}`, { device: '6280000000000', ...event });
const device = (state: 'connect' | 'disconnect') =>
  daftar.post(`/webhooks/fonnte/devices?token=${WEBHOOK_TOKEN}`, {
    device: '6280000000000',
    status: state,
    reason: 'logged out',
  });
const ready = async () => (await daftar.get('/health/ready')).body as { status: string; checks: object };
const alertsOf = (cause: string) => daftar.logs.filter((line) => line.includes(`"alert":"${cause}"`));
const codes = () => rows<{ total: number }>(daftar.service, 'SELECT COUNT(*) AS total FROM otps')[0]!.total;
const states = (phone: string) =>
  rows<{ state: string }>(
    daftar.service,
    'SELECT state FROM messages WHERE phone = ? ORDER BY id',
    phone,
  ).map(({ state }) => state);
const lastGatewayId = (phone: string) =>
  rows<{ gateway_id: string }>(
    daftar.service,
    'SELECT gateway_id FROM messages WHERE phone = ? ORDER BY id DESC LIMIT 1',
    phone,
  )[0]!.gateway_id;

describe('the circuit', () => {
  test('a disconnected device stops all sending at once, and nothing is lost until it is back', async () => {
    await start();
    daftar.fonnte.behave(DISCONNECTED);
    expect((await requestOtp(BUDI)).body).toMatchObject({ code: 'WHATSAPP_UNAVAILABLE' });
    expect(codes()).toBe(1);

    const again = await requestOtp(SITI);
    expect(again).toMatchObject({ status: 503, body: { code: 'WHATSAPP_UNAVAILABLE' } });
    expect(again.headers.get('retry-after')).toBe('30');
    expect(codes()).toBe(1);
    expect(await ready()).toMatchObject({ status: 'degraded', checks: { whatsapp: { state: 'paused' } } });

    await daftar.webhook({ sender: SITI, message: 'Halo' });
    await daftar.settle();
    expect(daftar.fonnte.count()).toBe(1);

    daftar.fonnte.behave('accept');
    daftar.clock.advance(30 * SECOND);
    await daftar.settle();
    expect(states(SITI)).toEqual(['accepted']);
    expect(await ready()).toMatchObject({ status: 'ok', checks: { whatsapp: { state: 'ok' } } });
    expect(alertsOf('circuit_open')).toHaveLength(2);
    expect(daftar.fonnte.messagesTo(ADMIN).map((message) => message.codePointAt(0))).toEqual([
      0x26a0, 0x2705,
    ]);
  });

  test('one probe at a time, after 30 seconds, then 60', async () => {
    await start();
    daftar.fonnte.behave(DISCONNECTED);
    for (const phone of [BUDI, SITI]) await daftar.webhook({ sender: phone, message: 'Halo' });
    await daftar.settle();
    expect(daftar.fonnte.count()).toBe(1);
    daftar.clock.advance(30 * SECOND);
    await daftar.settle();
    expect(daftar.fonnte.count()).toBe(2);
    daftar.clock.advance(59 * SECOND);
    await daftar.settle();
    expect(daftar.fonnte.count()).toBe(2);
    daftar.clock.advance(SECOND);
    await daftar.settle();
    expect(daftar.fonnte.count()).toBe(3);
    expect(alertsOf('circuit_open')).toHaveLength(1);
  });

  test('five errors in a row open it, four do not', async () => {
    await start();
    daftar.fonnte.behave({ http: 500 });
    await daftar.webhook({ sender: BUDI, message: 'Halo' });
    for (let n = 0; n < 4; n += 1) {
      await daftar.settle();
      daftar.clock.advance(MINUTE);
    }
    expect(daftar.fonnte.count()).toBe(4);
    expect(alertsOf('circuit_open')).toHaveLength(0);
    await daftar.settle();
    expect(alertsOf('circuit_open')).toHaveLength(1);
  });

  test('the device says that it is gone, and that it is back', async () => {
    await start();
    expect((await device('disconnect')).status).toBe(200);
    await daftar.webhook({ sender: BUDI, message: 'Halo' });
    await daftar.settle();
    expect(daftar.fonnte.count()).toBe(0);
    expect(alertsOf('device_disconnected')).toHaveLength(1);

    expect((await device('connect')).status).toBe(200);
    await daftar.settle();
    expect(states(BUDI)).toEqual(['accepted']);
    expect(daftar.fonnte.messagesTo(ADMIN)).toHaveLength(4);
  });
});

describe('what became of a message', () => {
  beforeEach(async () => {
    await start();
    await daftar.webhook({ sender: BUDI, message: 'Halo' });
    await daftar.settle();
  });

  test('it moves forward only, by id and by a stateid seen before', async () => {
    const id = lastGatewayId(BUDI);
    await status({ id, stateid: '3EB0A', status: 'sent', state: 'sent' });
    expect(states(BUDI)).toEqual(['sent']);
    await status({ stateid: '3EB0A', state: 'read' });
    expect(states(BUDI)).toEqual(['read']);
    await status({ stateid: '3EB0A', state: 'delivered' });
    await status({ stateid: '3EB0A', state: 'failed' });
    expect(states(BUDI)).toEqual(['read']);
    const history = rows<{ state: string }>(daftar.service, 'SELECT state FROM message_history ORDER BY id');
    expect(history.map(({ state }) => state)).toEqual(['accepted', 'sent', 'read']);
  });

  test('what comes before our own record, or before its stateid is known, is not lost', async () => {
    const next = String(Number(lastGatewayId(BUDI)) + 1);
    await status({ stateid: '3EB0B', state: 'delivered' });
    await status({ id: next, stateid: '3EB0B', state: 'sent' });
    await daftar.webhook({ sender: BUDI, message: 'Halo lagi' });
    await daftar.settle();
    expect(lastGatewayId(BUDI)).toBe(next);
    expect(states(BUDI)).toEqual(['accepted', 'delivered']);
  });

  test('a code that failed frees the customer, one that was used stays used', async () => {
    await requestOtp(BUDI);
    await status({ id: lastGatewayId(BUDI), state: 0 });
    expect(states(BUDI).at(-1)).toBe('failed');
    expect((await requestOtp(BUDI)).status).toBe(200);

    const otp = daftar.fonnte.lastCodeTo(BUDI);
    const verified = await daftar.post('/api/registrations/public/verify-otp', { phone: BUDI, otp });
    expect(verified.status).toBe(200);
    await status({ id: lastGatewayId(BUDI), state: 'failed' });
    expect(
      rows(daftar.service, 'SELECT 1 FROM otps WHERE used_at IS NOT NULL AND voided_at IS NULL'),
    ).toHaveLength(1);
  });

  test.each([[{}], [{ id: '1', state: 'dancing' }], ['not json'], [[1, 2]]])(
    '%j is answered 200',
    async (event) => {
      const answer = await daftar.post(`/webhooks/fonnte/statuses?token=${WEBHOOK_TOKEN}`, event);
      expect(answer.status).toBe(200);
      expect(states(BUDI)).toEqual(['accepted']);
    },
  );

  test('without the token nothing is read', async () => {
    for (const kind of ['statuses', 'devices']) {
      const answer = await daftar.post(`/webhooks/fonnte/${kind}?token=wrong`, { status: 'disconnect' });
      expect(answer.status).toBe(401);
    }
    expect(alertsOf('device_disconnected')).toHaveLength(0);
  });
});

describe('the watch', () => {
  test('little quota and a device gone are noticed by asking the gateway, and clear again', async () => {
    await start();
    const { monitor } = daftar.service.delivery;
    daftar.fonnte.answers.device = { status: true, device_status: 'disconnect', quota: '78' };
    await monitor.runOnce();
    expect(alertsOf('quota_low')).toHaveLength(1);
    expect(alertsOf('device_disconnected')).toHaveLength(1);

    await monitor.runOnce();
    expect(daftar.fonnte.count('/device')).toBe(1);

    daftar.fonnte.answers.device = { status: true, device_status: 'connect', quota: 5000 };
    daftar.clock.advance(10 * MINUTE);
    await monitor.runOnce();
    expect(alertsOf('quota_low').at(-1)).toContain('"cleared":true');
    expect(alertsOf('device_disconnected').at(-1)).toContain('"cleared":true');
  });

  test('codes asked for in vain for an hour, five failed in a row, and no webhook for a day', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '0' });
    const { monitor } = daftar.service.delivery;
    await monitor.runOnce();
    daftar.fonnte.behave({ refuse: 'target invalid' });
    for (let n = 1; n <= 5; n += 1) await requestOtp(`628120000001${n}`);
    daftar.clock.advance(30 * SECOND);
    await monitor.runOnce();
    expect(alertsOf('codes_failing')).toHaveLength(1);
    expect(alertsOf('no_code_sent')).toHaveLength(0);

    daftar.clock.advance(61 * MINUTE);
    await monitor.runOnce();
    expect(alertsOf('no_code_sent')).toHaveLength(1);

    daftar.fonnte.behave('accept');
    expect((await requestOtp(BUDI)).status).toBe(200);
    daftar.clock.advance(MINUTE);
    await monitor.runOnce();
    expect(alertsOf('no_code_sent').at(-1)).toContain('"cleared":true');
    expect(alertsOf('codes_failing').at(-1)).toContain('"cleared":true');

    expect(alertsOf('no_webhook')).toHaveLength(0);
    daftar.clock.advance(24 * 60 * MINUTE);
    await monitor.runOnce();
    expect(alertsOf('no_webhook')).toHaveLength(1);
  });

  test('a request of ours that is refused: told once, and again after an hour if it goes on', async () => {
    await start({ OTP_RESEND_SECONDS: '1' });
    const { monitor } = daftar.service.delivery;
    daftar.fonnte.behave({ refuse: 'input invalid' });
    for (const phone of [BUDI, SITI]) expect((await requestOtp(phone)).status).toBe(503);
    expect(alertsOf('request_refused')).toHaveLength(1);
    expect(alertsOf('request_refused')[0]).toContain('The gateway refuses our request: input invalid');
    expect(await ready()).toMatchObject({ status: 'degraded', checks: { whatsapp: { state: 'ok' } } });

    daftar.clock.advance(59 * MINUTE);
    await monitor.runOnce();
    await requestOtp(BUDI);
    expect(alertsOf('request_refused')).toHaveLength(1);
    daftar.clock.advance(2 * MINUTE);
    await monitor.runOnce();
    expect(alertsOf('request_refused').at(-1)).toContain('"cleared":true');
    await requestOtp(BUDI);
    expect(alertsOf('request_refused')).toHaveLength(3);
  });

  test('the daily ceiling is told once', async () => {
    await start({ OTP_MAX_PER_DAY: '2' });
    for (const phone of [BUDI, SITI]) await requestOtp(phone);
    await daftar.service.delivery.monitor.runOnce();
    expect(alertsOf('daily_ceiling')).toHaveLength(1);
  });

  test('alerts are POSTed to ALERT_URL until they are taken', async () => {
    const taken: string[] = [];
    let refusals = 2;
    const sink = createServer((request, response) => {
      void text(request).then((body) => {
        if (refusals-- > 0) response.writeHead(500).end();
        else response.writeHead(204).end(void taken.push(body));
      });
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/alerts`;
    await start({ ALERT_URL: url });
    daftar.fonnte.answers.device = { status: true, device_status: 'disconnect', quota: '5000' };
    await device('disconnect');
    const { monitor } = daftar.service.delivery;
    await monitor.runOnce();
    for (let n = 0; n < 4; n += 1) {
      daftar.clock.advance(5 * MINUTE);
      await monitor.runOnce();
    }
    expect(taken.map((body) => JSON.parse(body) as object)).toEqual([
      expect.objectContaining({ alert: 'device_disconnected', event: 'raised' }),
      expect.objectContaining({ alert: 'circuit_open', event: 'raised' }),
    ]);
    expect(rows(daftar.service, 'SELECT 1 FROM alert_posts')).toEqual([]);
    sink.close();
  });
});
