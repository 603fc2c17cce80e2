/** What else admins see and do: sealed ID cards, figures, packages, and what failed. */
import { DAY, HOUR } from '../../src/platform/clock';
import { questions } from '../../src/messages/id/chat';
import { addRegistration, adminOf, type Admin } from '../support/admin';
import { DEVICE, rows, startDaftar, type Daftar } from '../support/daftar';
import { asks, chatAt, phones, says, stepOf } from '../support/chat-journey';
import { FORM, webForm } from '../support/web-form';

let daftar: Daftar;
let admin: Admin;
const nextPhone = phones(70);

beforeEach(async () => {
  daftar = await startDaftar();
  admin = await adminOf(daftar);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await daftar.close();
});

const NIK = '3273010101900001';
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);
/** Tests know what they asked for. */
const dataOf = <T>(answer: { body: unknown }): T => (answer.body as { data: T }).data;

async function registered(fields: object = {}): Promise<number> {
  const form = webForm(daftar);
  const phone = nextPhone();
  const verification_token = await form.tokenFor(phone);
  const { body } = await form.register({
    ...FORM,
    phone,
    verification_token,
    email: `${phone}@example.com`,
    ...fields,
  });
  return body.data.id;
}
const looks = (id: number) =>
  rows<{ type: string; actor: string }>(
    daftar.service,
    `SELECT type, actor FROM events WHERE registration_id = ? AND type LIKE 'id_card_%'`,
    id,
  );

describe('an ID card', () => {
  test('is shown when asked for, and every look stands in the log', async () => {
    const id = await registered({
      id_card_number: NIK,
      id_card_photo: `data:image/jpeg;base64,${JPEG.toString('base64')}`,
    });
    expect(looks(id)).toEqual([]);
    const number = await admin.get(`/api/registrations/${id}/id-card-number`);
    expect(dataOf(number)).toEqual({ id_card_number: NIK });
    expect(number.headers.get('cache-control')).toBe('no-store');

    const photo = await fetch(`${daftar.url}/api/registrations/${id}/id-card-photo`, {
      headers: admin.bearer,
    });
    expect(photo.headers.get('content-type')).toBe('image/jpeg');
    expect(photo.headers.get('cache-control')).toBe('no-store');
    expect(photo.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await photo.arrayBuffer())).toEqual(JPEG);

    expect(looks(id)).toEqual([
      { type: 'id_card_number_viewed', actor: 'admin:1' },
      { type: 'id_card_photo_viewed', actor: 'admin:1' },
    ]);
    const { registration, events } = dataOf<{
      registration: object;
      events: { type: string; actor_name: string | null }[];
    }>(await admin.get(`/api/registrations/${id}`));
    expect(registration).toMatchObject({ id_card_number: '*'.repeat(16), has_id_card_photo: true });
    expect(events.at(-1)).toMatchObject({ type: 'id_card_photo_viewed', actor_name: 'sari' });
    expect(daftar.logs.join('')).not.toContain(NIK);
  });

  test('that was not given is not there, and nothing was looked at', async () => {
    const id = await registered();
    for (const what of ['number', 'photo']) {
      expect((await admin.get(`/api/registrations/${id}/id-card-${what}`)).status).toBe(404);
      expect((await admin.get(`/api/registrations/999/id-card-${what}`)).status).toBe(404);
    }
    expect(looks(id)).toEqual([]);
    expect(dataOf(await admin.get(`/api/registrations/${id}`))).toMatchObject({
      registration: { id_card_number: null, has_id_card_photo: false },
    });
  });

  test('is not shown when the look cannot be written down', async () => {
    const id = await registered({ id_card_number: NIK });
    jest.spyOn(daftar.service.database.unitOfWork, 'run').mockRejectedValueOnce(new Error('disk full'));
    const answer = await admin.get(`/api/registrations/${id}/id-card-number`);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain(NIK);
  });

  test('cannot be searched for', async () => {
    await registered({ id_card_number: NIK });
    expect(dataOf(await admin.get(`/api/registrations?search=${NIK}`))).toMatchObject({ registrations: [] });
  });
});

describe('the figures', () => {
  const stats = async () => dataOf<Record<string, unknown>>(await admin.get('/api/registrations/stats'));
  const NONE = { otp_requested: 0, verified: 0, submitted: 0, approved: 0 };

  test('are all nought at first', async () => {
    expect(await stats()).toEqual({
      total: 0,
      by_status: {
        pending_verification: 0,
        verified: 0,
        survey_scheduled: 0,
        survey_completed: 0,
        approved: 0,
        customer_created: 0,
        rejected: 0,
        cancelled: 0,
      },
      by_channel: { web: 0, chat: 0 },
      today: 0,
      funnel: NONE,
      funnel_today: NONE,
    });
  });

  test('follow every code, registration and decision, today from midnight in TIME_ZONE', async () => {
    const form = webForm(daftar);
    await form.codeFor(nextPhone());
    await form.tokenFor(nextPhone());
    const id = await registered();
    await admin.decide(id, { status: 'verified' });
    await admin.decide(id, { status: 'approved' });
    await admin.decide(id, { status: 'customer_created' });
    await addRegistration(daftar, { channel: 'chat', status: 'rejected' });
    const funnel = { otp_requested: 3, verified: 2, submitted: 1, approved: 1 };
    expect(await stats()).toMatchObject({
      total: 2,
      by_status: { customer_created: 1, rejected: 1, approved: 0, pending_verification: 0 },
      by_channel: { web: 1, chat: 1 },
      today: 2,
      funnel,
      funnel_today: funnel,
    });
    // It is 10:00 in Jakarta: midnight comes in 14 hours.
    daftar.clock.advance(14 * HOUR - 1);
    admin = await adminOf(daftar, 'tono');
    expect(await stats()).toMatchObject({ today: 2, funnel_today: funnel });
    daftar.clock.advance(1);
    expect(await stats()).toMatchObject({ total: 2, today: 0, funnel, funnel_today: NONE });
  });

  test('keep to the rows, whatever becomes of them', async () => {
    const id = await addRegistration(daftar);
    const { unitOfWork } = daftar.service.database;
    await unitOfWork.run((tx) => {
      tx.run(`UPDATE registrations SET channel = 'chat', status = 'verified' WHERE id = ?`, id);
      tx.run(`UPDATE registrations SET status = status, city = 'Bogor'`);
    });
    expect(await stats()).toMatchObject({
      total: 1,
      by_status: { verified: 1 },
      by_channel: { web: 0, chat: 1 },
    });
    await unitOfWork.run((tx) => tx.run('DELETE FROM registrations'));
    expect(await stats()).toMatchObject({
      total: 0,
      by_status: { verified: 0 },
      by_channel: { web: 0, chat: 0 },
    });
  });

  test('of codes tell day by day how they fared, and whether messages go out', async () => {
    const form = webForm(daftar);
    const day = 24 * HOUR;
    await form.codeFor(nextPhone());
    daftar.clock.advance(day);
    for (const seconds of [3, 9, 5]) {
      await form.codeFor(nextPhone());
      const { gateway_id } = rows<{ gateway_id: string }>(
        daftar.service,
        'SELECT gateway_id FROM messages ORDER BY id DESC LIMIT 1',
      )[0]!;
      daftar.clock.advance(seconds * 1000);
      await daftar.post('/webhooks/fonnte/statuses?token=test-webhook-token-0123456789', {
        device: DEVICE,
        id: gateway_id,
        state: 'delivered',
        status: 'delivered',
      });
    }
    admin = await adminOf(daftar, 'tono');
    const { whatsapp, days } = dataOf<{
      whatsapp: object;
      days: object[];
    }>(await admin.get('/api/stats/codes'));
    expect(whatsapp).toEqual({ state: 'ok' });
    expect(days).toHaveLength(7);
    expect(days.slice(-3)).toEqual([
      { date: '2026-11-24', asked: 0, accepted: 0, delivered: 0, failed: 0, median_delivery_seconds: null },
      { date: '2026-11-25', asked: 1, accepted: 1, delivered: 0, failed: 0, median_delivery_seconds: null },
      { date: '2026-11-26', asked: 3, accepted: 3, delivered: 3, failed: 0, median_delivery_seconds: 5 },
    ]);
  });
});

describe('packages', () => {
  const PACKAGE = { name: 'Rumah 30', type: 'broadband', speed_mbps: 30, price: 249_000 };
  const offered = async () =>
    dataOf<{ name: string }[]>(await daftar.get('/api/packages')).map(({ name }) => name);

  test('are added, changed and switched off', async () => {
    const added = await admin.post('/api/admin/packages', { ...PACKAGE, id: 1, created_at: 0 });
    expect(added.status).toBe(201);
    expect(dataOf(added)).toEqual({
      ...PACKAGE,
      id: 4,
      description: null,
      is_active: true,
      created_at: '2026-11-25T03:00:00.000Z',
      updated_at: '2026-11-25T03:00:00.000Z',
    });
    expect(await offered()).toEqual(['Rumah 20', 'Rumah 30', 'Keluarga 50', 'Bisnis 100']);
    daftar.clock.advance(1000);
    const changed = await admin.put('/api/admin/packages/4', { price: '150000', description: 'Hemat' });
    expect(dataOf(changed)).toMatchObject({
      ...PACKAGE,
      price: 150_000,
      description: 'Hemat',
      updated_at: '2026-11-25T03:00:01.000Z',
    });
    expect(await offered()).toEqual(['Rumah 30', 'Rumah 20', 'Keluarga 50', 'Bisnis 100']);
    await admin.put('/api/admin/packages/1', { is_active: false });
    expect(await offered()).toEqual(['Rumah 30', 'Keluarga 50', 'Bisnis 100']);
    const all = dataOf<{ id: number; is_active: boolean }[]>(await admin.get('/api/admin/packages'));
    expect(all.map(({ id, is_active }) => [id, is_active])).toEqual([
      [4, true],
      [2, true],
      [3, true],
      [1, false],
    ]);
    const log = rows(daftar.service, `SELECT type, actor, details FROM events WHERE type LIKE 'package_%'`);
    expect(log).toEqual([
      { type: 'package_added', actor: 'admin:1', details: '{"package_id":4}' },
      {
        type: 'package_changed',
        actor: 'admin:1',
        details: '{"package_id":4,"price":150000,"is_active":true}',
      },
      {
        type: 'package_changed',
        actor: 'admin:1',
        details: '{"package_id":1,"price":199000,"is_active":false}',
      },
    ]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(101) }],
    ['name', { name: 'keluarga 50' }],
    ['name', { name: undefined }],
    ['type', { type: 7 }],
    ['speed_mbps', { speed_mbps: 0 }],
    ['speed_mbps', { speed_mbps: 'cepat' }],
    ['price', { price: -1 }],
    ['price', { price: 199.5 }],
    ['price', { price: 1e12 }],
    ['description', { description: 'x'.repeat(501) }],
    ['is_active', { is_active: 'yes' }],
  ])('with a bad %s are refused: %j', async (field, bad) => {
    const answer = await admin.post('/api/admin/packages', { ...PACKAGE, ...bad });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ field }] });
    expect(await offered()).toHaveLength(3);
  });

  test('that do not exist cannot be changed', async () => {
    expect((await admin.put('/api/admin/packages/9', { price: 1 })).status).toBe(404);
  });
});

interface Failures {
  messages: { id: number; kind: string; text: string | null; state: string; can_retry: boolean }[];
  inbound: { id: number; text: string | null; can_retry: boolean }[];
}
const failures = async () => dataOf<Failures>(await admin.get('/api/failures'));
const retry = (what: 'messages' | 'inbound', id: number) => admin.post(`/api/failures/${what}/${id}/retry`);

describe('a message that could not be sent', () => {
  async function failedNotice() {
    const id = await addRegistration(daftar, { phone: nextPhone() });
    await admin.decide(id, { status: 'verified' });
    await daftar.settle();
    // The gateway had taken it, and then said that it did not arrive.
    await daftar.service.database.unitOfWork.run((tx) =>
      tx.run(`UPDATE messages SET state = 'failed', reason = 'target invalid' WHERE kind = 'notice'`),
    );
    const { messages } = await failures();
    return { registration_id: id, message: messages[0]! };
  }

  test('is shown, and sent when an admin says so: once, however often it is said', async () => {
    const { message, registration_id } = await failedNotice();
    expect(message).toMatchObject({ kind: 'notice', state: 'failed', can_retry: true, registration_id });
    const answers = await Promise.all([1, 2, 3].map(() => retry('messages', message.id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    await daftar.settle();
    const [sent] = rows<{ state: string; phone: string; tries: number }>(
      daftar.service,
      'SELECT * FROM messages',
    );
    expect(sent).toMatchObject({ state: 'accepted' });
    expect(daftar.fonnte.messagesTo(sent!.phone)).toHaveLength(2);
    expect((await failures()).messages).toEqual([]);
    const { events } = dataOf<{ events: { type: string; actor_name: string }[] }>(
      await admin.get(`/api/registrations/${registration_id}`),
    );
    expect(events.at(-1)).toMatchObject({ type: 'message_retried', actor_name: 'sari' });
  });

  test('because its time was over is sent as well', async () => {
    const id = await addRegistration(daftar, { phone: nextPhone() });
    await daftar.fonnte.close();
    await admin.decide(id, { status: 'verified' });
    daftar.clock.advance(2 * DAY);
    await daftar.settle();
    admin = await adminOf(daftar, 'tono');
    const { messages } = await failures();
    expect(messages).toMatchObject([{ state: 'expired', can_retry: true }]);
    expect((await retry('messages', messages[0]!.id)).status).toBe(200);
  });

  test('is not sent again when it was a code, or has been erased, or went out', async () => {
    await webForm(daftar).codeFor(nextPhone());
    const { unitOfWork } = daftar.service.database;
    const [code] = rows<{ id: number }>(daftar.service, 'SELECT id FROM messages');
    expect((await retry('messages', code!.id)).status).toBe(409);
    await unitOfWork.run((tx) => tx.run(`UPDATE messages SET state = 'failed'`));
    expect((await failures()).messages).toMatchObject([{ kind: 'code', text: null, can_retry: false }]);
    expect((await retry('messages', code!.id)).status).toBe(409);

    const { message } = await failedNotice();
    await unitOfWork.run((tx) => tx.run('UPDATE messages SET text = NULL'));
    expect((await retry('messages', message.id)).status).toBe(409);
    expect((await retry('messages', 999)).status).toBe(409);
  });
});

describe('a message that our own code could not handle', () => {
  async function failedAnswer(text = 'Jl. Mawar No. 12') {
    const chat = await chatAt(daftar, 'address', nextPhone());
    jest.spyOn(questions, 'city').mockImplementationOnce(() => {
      throw new TypeError('a bug of ours');
    });
    await daftar.webhook({ sender: chat.phone, message: text });
    const { inbound } = await failures();
    return { chat, failed: inbound[0]! };
  }

  test('is run again, and the chat goes on as if it had come now', async () => {
    const { chat, failed } = await failedAnswer();
    expect(failed).toMatchObject({
      text: 'Jl. Mawar No. 12',
      reason: 'TypeError: a bug of ours',
      can_retry: true,
    });
    daftar.clock.advance(HOUR / 4);
    const answer = await retry('inbound', failed.id);
    expect(answer.status).toBe(200);
    expect(dataOf(answer)).toEqual({ id: failed.id, outcome: 'handled' });
    await daftar.settle();
    expect(chat.received().at(-1)).toContain(asks('city'));
    expect(stepOf(daftar, chat.phone)).toBe('city');
    expect((await failures()).inbound).toEqual([]);
    expect((await retry('inbound', failed.id)).status).toBe(409);
    expect(await says(daftar, chat, 'Bandung')).toContain(asks('location'));
  });

  test('acts once when two admins run it at once', async () => {
    const { chat, failed } = await failedAnswer();
    const answers = await Promise.all([retry('inbound', failed.id), retry('inbound', failed.id)]);
    expect(answers.map(({ status }) => status)).toContain(200);
    await daftar.settle();
    expect(chat.received().filter((text) => text.includes(asks('city')))).toHaveLength(1);
  });

  test('that fails again stays on the list, once', async () => {
    const { failed } = await failedAnswer();
    jest.spyOn(questions, 'city').mockImplementationOnce(() => {
      throw new TypeError('still the bug');
    });
    expect(dataOf(await retry('inbound', failed.id))).toMatchObject({ outcome: 'failed' });
    const { inbound } = await failures();
    expect(inbound).toMatchObject([{ reason: 'TypeError: still the bug', can_retry: true }]);
    expect(dataOf(await retry('inbound', inbound[0]!.id))).toMatchObject({ outcome: 'handled' });
    expect((await failures()).inbound).toEqual([]);
  });

  test('is not run again once the customer has gone on, or when its text is not there any more', async () => {
    const { chat, failed } = await failedAnswer();
    await says(daftar, chat, 'Jl. Melati No. 13');
    expect((await failures()).inbound).toMatchObject([{ can_retry: false }]);
    expect((await retry('inbound', failed.id)).status).toBe(409);
    expect(stepOf(daftar, chat.phone)).toBe('city');

    const { failed: masked } = await failedAnswer('Jl. Mawar 123456789');
    expect(masked).toMatchObject({ text: 'Jl. Mawar ••••••', can_retry: false });
    expect((await retry('inbound', masked.id)).status).toBe(409);
    expect((await retry('inbound', 999)).status).toBe(409);

    await says(daftar, chat, 'Bandung');
    const [handled] = rows<{ id: number }>(
      daftar.service,
      'SELECT MAX(id) AS id FROM inbound_messages WHERE phone = ?',
      chat.phone,
    );
    expect((await retry('inbound', handled!.id)).status).toBe(409);
  });
});
