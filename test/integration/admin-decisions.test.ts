/** Admins decide: every move, allowed or not, what the customer is told, and who did it. */
import { MINUTE } from '../../src/platform/clock';
import { movesFrom, STATUSES, type Status } from '../../src/registration/lifecycle';
import { addRegistration, adminOf, type Admin } from '../support/admin';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { FORM, webForm } from '../support/web-form';

let daftar: Daftar;
let admin: Admin;

beforeAll(async () => {
  daftar = await startDaftar({
    env: { PUBLIC_URL: 'https://daftar.example.net', BRAND_NAME: 'Nusantara Net' },
  });
  admin = await adminOf(daftar);
});
afterAll(() => daftar.close());

interface Entry {
  type: string;
  at: string;
  actor: string;
  actor_name: string | null;
  details: Record<string, unknown>;
}
interface Message {
  kind: string;
  text: string | null;
  state: string;
  at: string;
  history: { state: string; at: string; try: number; reason: string | null; gateway_id: string | null }[];
}
const detail = async (id: number) => {
  const answer = await admin.get(`/api/registrations/${id}`);
  return (
    answer.body as { data: { registration: Record<string, unknown>; events: Entry[]; messages: Message[] } }
  ).data;
};
const gist = ({ status, body }: Awaited<ReturnType<Admin['decide']>>) => {
  const { code, errors } = body as { code?: string; errors?: { field: string }[] };
  return [status, code, ...(errors ?? []).map(({ field }) => field)].filter(Boolean).join(' ');
};

const WITH: Partial<Record<Status, Record<string, string>>> = {
  rejected: { rejection_reason: 'Di luar jangkauan' },
  survey_scheduled: { survey_scheduled_date: '2026-11-27' },
};
const move = (id: number, status: Status, more: Record<string, unknown> = {}) =>
  admin.decide(id, { status, ...WITH[status], ...more });

/** As the service is promised to behave; lifecycle.ts must say the same. */
const ALLOWED: Record<Status, Status[]> = {
  pending_verification: ['verified', 'rejected', 'cancelled'],
  verified: ['survey_scheduled', 'approved', 'rejected', 'cancelled'],
  survey_scheduled: ['survey_completed', 'rejected', 'cancelled'],
  survey_completed: ['approved', 'rejected', 'cancelled'],
  approved: ['customer_created', 'rejected', 'cancelled'],
  customer_created: [],
  rejected: [],
  cancelled: [],
};
const TOLD: Partial<Record<Status, string>> = {
  verified: 'sudah kami periksa dan datanya lengkap',
  survey_scheduled: '*Jumat, 27 November 2026*',
  approved: 'telah disetujui',
  rejected: 'Alasan: Di luar jangkauan',
  cancelled: 'telah dibatalkan',
};

describe('a move', () => {
  const pairs = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as [Status, Status]));

  test.each(pairs.filter(([from, to]) => ALLOWED[from].includes(to)))(
    'from %s to %s is made, logged with who made it, and told',
    async (from, to) => {
      const id = await addRegistration(daftar, { status: from });
      const phone = (await detail(id)).registration['phone'] as string;
      const answer = await move(id, to, { version: 1, notes: 'sudah ditelepon' });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        message: 'Status pendaftaran telah diubah.',
        data: { registration: { id, status: to, version: 2, ...WITH[to] } },
      });
      const { registration, events, messages } = await detail(id);
      expect(registration).toMatchObject({ status: to, version: 2, updated_at: '2026-11-25T03:00:00.000Z' });
      expect(events).toEqual([
        {
          type: `registration_${to}`,
          at: '2026-11-25T03:00:00.000Z',
          actor: 'admin:1',
          actor_name: 'sari',
          details: expect.objectContaining({ from, version: 2, notes: 'sudah ditelepon' }) as unknown,
        },
      ]);
      await daftar.settle();
      const told = TOLD[to];
      expect(messages.map(({ kind, text }) => [kind, text])).toEqual(
        told === undefined ? [] : [['notice', expect.stringContaining(told)]],
      );
      expect(daftar.fonnte.messagesTo(phone)).toHaveLength(told === undefined ? 0 : 1);
    },
  );

  test.each(pairs.filter(([from, to]) => !ALLOWED[from].includes(to)))(
    'from %s to %s is refused and changes nothing',
    async (from, to) => {
      const id = await addRegistration(daftar, { status: from });
      expect(gist(await move(id, to, { version: 1 }))).toBe('409 INVALID_TRANSITION');
      expect(gist(await admin.decide(id, { status: to }))).toBe('409 INVALID_TRANSITION');
      const { registration, events, messages } = await detail(id);
      expect([registration['status'], registration['version'], events, messages]).toEqual([from, 1, [], []]);
    },
  );

  test('is what the lifecycle says', () => {
    for (const status of STATUSES) expect(movesFrom(status)).toEqual(ALLOWED[status]);
  });

  test('to rejected needs a reason, to survey_scheduled a day that is not over', async () => {
    const id = await addRegistration(daftar, { status: 'verified' });
    const bad = async (body: { status: Status } & Record<string, unknown>, field: string) =>
      expect(gist(await admin.decide(id, body))).toBe(`400 VALIDATION_ERROR ${field}`);
    for (const rejection_reason of [undefined, '', '  ', null, 7, 'x'.repeat(501)])
      await bad({ status: 'rejected', rejection_reason }, 'rejection_reason');
    for (const survey_scheduled_date of [undefined, '', '2026-02-30', '27-11-2026', '2026-11-24', 20261127])
      await bad({ status: 'survey_scheduled', survey_scheduled_date }, 'survey_scheduled_date');
    await bad({ status: 'approved', notes: 'x'.repeat(501) }, 'notes');
    await bad({ status: 'approved', notes: ['x'] }, 'notes');
    for (const version of ['v1', 1.5, {}, true]) await bad({ status: 'approved', version }, 'version');
    await bad({ status: 'done' as Status }, 'status');
    await bad({} as { status: Status }, 'status');
    expect((await detail(id)).registration['version']).toBe(1);
    const today = await admin.decide(id, { status: 'survey_scheduled', survey_scheduled_date: '2026-11-25' });
    expect(today.status).toBe(200);
  });

  test('of what does not exist is 404, with a body that is no JSON 400', async () => {
    expect(gist(await move(999_999, 'verified'))).toBe('404 NOT_FOUND');
    for (const id of ['abc', '1e3', '-1', '1;', '9'.repeat(30)]) {
      expect(gist(await admin.put(`/api/registrations/${id}/status`, { status: 'verified' }))).toBe(
        '404 NOT_FOUND',
      );
      expect((await admin.get(`/api/registrations/${id}`)).status).toBe(404);
    }
    const answer = await daftar.request('PUT', '/api/registrations/1/status', {
      headers: { ...admin.bearer, 'content-type': 'application/json' },
      body: '{',
    });
    expect(gist(answer)).toBe('400 INVALID_JSON');
  });

  test('frees the email once the registration is closed', async () => {
    const email = 'lagi@example.com';
    const id = await addRegistration(daftar, { email });
    await expect(addRegistration(daftar, { email })).rejects.toMatchObject({
      message: expect.stringContaining('UNIQUE') as string,
    });
    await move(id, 'cancelled');
    await expect(addRegistration(daftar, { email })).resolves.toBeGreaterThan(id);
  });
});

describe('two admins', () => {
  test('cannot overwrite each other: the second is told that it has changed', async () => {
    const id = await addRegistration(daftar);
    expect((await move(id, 'verified', { version: 1 })).status).toBe(200);
    expect(gist(await move(id, 'approved', { version: 1 }))).toBe('409 CONFLICT');
    expect(gist(await move(id, 'verified', { version: 1 }))).toBe('409 CONFLICT');
    expect((await move(id, 'approved', { version: '2' })).status).toBe(200);
  });

  test('at the same moment: one decides, the customer is told once', async () => {
    const id = await addRegistration(daftar);
    const colleague = await adminOf(daftar, 'tono');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_none, n) =>
        (n % 2 ? admin : colleague).decide(id, { status: 'verified', version: 1 }),
      ),
    );
    expect(answers.map(gist).sort()).toEqual(['200', ...Array<string>(9).fill('409 CONFLICT')]);
    const { registration, events, messages } = await detail(id);
    expect([registration['version'], events.length, messages.length]).toEqual([2, 1, 1]);
  });

  test('without versions too: the same move cannot be made twice', async () => {
    const id = await addRegistration(daftar);
    const answers = await Promise.all([move(id, 'verified'), move(id, 'verified')]);
    expect(answers.map(gist).sort()).toEqual(['200', '409 INVALID_TRANSITION']);
  });
});

describe('one registration', () => {
  test('has all its fields, its log from the code on, and what was sent for it, but no code', async () => {
    const form = webForm(daftar);
    const phone = '6281200000077';
    const code = await form.codeFor(phone);
    const { body } = await form.verifyOtp(phone, code);
    const registered = await form.register({
      ...FORM,
      phone,
      id_card_number: '3273010101900001',
      kelurahan: 'Dago',
      verification_token: body.data.verification_token,
    });
    await daftar.settle();
    const { registration, events, messages } = await detail(registered.body.data.id);
    expect(registration).toMatchObject({
      registration_number: registered.body.data.registration_number,
      status: 'pending_verification',
      status_label: 'Menunggu pemeriksaan data',
      phone,
      address: FORM.address,
      kelurahan: 'Dago',
      package_name: 'Rumah 20',
      id_card_number: '****************',
      has_id_card_photo: false,
      consent_at: '2026-11-25T03:00:00.000Z',
    });
    expect(Object.keys(registration)).not.toContain('id_card_number_sealed');
    expect(events.map(({ type, actor, actor_name }) => [type, actor, actor_name])).toEqual([
      ['otp_requested', 'customer', null],
      ['otp_verified', 'customer', null],
      ['registration_submitted', 'customer', null],
    ]);
    expect(messages.map(({ kind, state }) => [kind, state])).toEqual([
      ['code', 'accepted'],
      ['notice', 'accepted'],
    ]);
    expect(messages[0]!.text).toBeNull();
    expect(messages[1]!.text).toContain('sudah kami terima');
    expect(JSON.stringify([registration, events, messages])).not.toContain(code);
    expect(JSON.stringify(registration)).not.toContain('3273010101900001');
  });

  test('made in the chat shows the chat’s code as well', async () => {
    const chat = daftar.chatWith('6281200000078');
    for (const text of ['DAFTAR', 'Siti Aminah']) await chat.says(text);
    for (const text of [
      chat.lastCode(),
      'siti@example.com',
      'Jl. Melati No. 13',
      'Bandung',
      'LEWATI',
      '1',
      'LEWATI',
    ])
      await chat.says(text);
    await chat.says('YA');
    const [{ id }] = rows<{ id: number }>(daftar.service, 'SELECT MAX(id) AS id FROM registrations') as [
      { id: number },
    ];
    const { registration, events, messages } = await detail(id);
    expect(registration).toMatchObject({ channel: 'chat', full_name: 'Siti Aminah' });
    expect(events.map(({ type }) => type)).toEqual([
      'otp_requested',
      'otp_verified',
      'registration_submitted',
    ]);
    expect(messages.map(({ kind, text }) => [kind, text])).toEqual([
      ['code', null],
      ['chat', expect.stringContaining('berhasil')],
    ]);
  });

  test('tells the whole way of a message: each try, why it came to nothing, and the gateway’s id', async () => {
    const id = await addRegistration(daftar, { status: 'verified' });
    const { registration } = await detail(id);
    const phone = String(registration['phone']);
    daftar.fonnte.behave('cut_after_reading', phone);
    await admin.decide(id, { status: 'approved' });
    await daftar.settle();
    daftar.fonnte.behave('accept', phone);
    daftar.clock.advance(MINUTE);
    await daftar.settle();
    const [notice] = (await detail(id)).messages;
    expect(notice).toMatchObject({ kind: 'notice', state: 'accepted' });
    const [first, second] = notice!.history;
    expect(first).toMatchObject({ state: 'queued', try: 1, reason: expect.any(String) as string });
    expect(second).toMatchObject({ state: 'accepted', try: 2, reason: null });
    expect(second!.gateway_id).toMatch(/^[0-9]+$/);
    expect(Date.parse(second!.at) - Date.parse(first!.at)).toBeGreaterThanOrEqual(MINUTE);
  });

  test('is never kept by caches', async () => {
    const id = await addRegistration(daftar);
    for (const path of ['', '/stats', '/export.csv', `/${id}`])
      expect((await admin.get(`/api/registrations${path}`)).headers.get('cache-control')).toBe('no-store');
  });
});

describe('what admins and customers typed', () => {
  const NASTY = '*tebal* {name} _x_ ```y``` <script>alert(1)</script>\u202Egnp.exe';

  test('forms neither markup nor variables in what customers are told', async () => {
    const id = await addRegistration(daftar, { full_name: NASTY });
    await admin.decide(id, { status: 'rejected', rejection_reason: `${NASTY}\n\nHubungi +62 811` });
    const [notice] = (await detail(id)).messages;
    const text = notice!.text!;
    expect(text).not.toMatch(/[{}`\u202E]|\*tebal|_x_/);
    expect(text).toContain('Alasan: ');
    expect(text.split('\n').filter((line) => line.includes('Hubungi +62 811'))).toHaveLength(1);
    expect(text.split('\n')).toHaveLength(5);
  });

  test('is given back as it is, in JSON that no browser takes for a page', async () => {
    const id = await addRegistration(daftar, { full_name: NASTY, notes: NASTY });
    const answer = await admin.get(`/api/registrations/${id}`);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await detail(id)).registration).toMatchObject({ full_name: NASTY, notes: NASTY });
  });

  test('is not in the log of events', async () => {
    const id = await addRegistration(daftar, { status: 'verified' });
    await admin.decide(id, {
      status: 'rejected',
      rejection_reason: 'alasan rahasia',
      notes: 'catatan rahasia',
    });
    const log = JSON.stringify(rows(daftar.service, 'SELECT * FROM events'));
    expect(log).toContain('registration_rejected');
    expect(log).not.toContain('rahasia');
    expect(log).not.toContain('sari');
    expect((await detail(id)).events[0]!.details).toMatchObject({ notes: 'catatan rahasia' });
  });
});
