/** The admins' day in a real browser, against the real service: from a notice on the phone to a decision. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser } from 'playwright-core';
import { adminOf, addRegistration } from '../support/admin';
import { decide, isWiderThanScreen, openWindow, signIn } from '../support/admin-browser';
import { DESKTOP_SCREEN, launchBrowser, PHONE_SCREEN } from '../support/browser';
import { finish } from '../support/chat-journey';
import { startDaftar, type Daftar } from '../support/daftar';
import { FORM, webForm } from '../support/web-form';

const ADMIN_PHONE = '6281200099999';
const CUSTOMER = '6281200061001';

let browser: Browser;
let daftar: Daftar;
const windows: { problems: string[]; close: () => Promise<void> }[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  daftar = await startDaftar({ env: { BRAND_NAME: 'Nusantara Net', ADMIN_PHONES: ADMIN_PHONE } });
});
afterEach(async () => {
  const problems = windows.map((one) => one.problems);
  for (const one of windows.splice(0)) await one.close();
  await daftar.close();
  expect(problems.flat()).toEqual([]);
});

async function open(options: Parameters<typeof openWindow>[2] = { viewport: DESKTOP_SCREEN }) {
  const opened = await openWindow(browser, daftar, options);
  windows.push(opened);
  return opened;
}

async function signedIn(username?: string) {
  const { page } = await open();
  await signIn(page, daftar, username);
  return page;
}

const comesByChat = (phone = CUSTOMER) =>
  finish(daftar, daftar.chatWith(phone), { name: 'Siti Rahmawati', location: '-6.914744, 107.609810' });

/** A browser says in the console that a page was answered 4xx; here it is meant to be. */
function forgive(status: number): void {
  for (const { problems } of windows) {
    const rest = problems.filter((problem) => !problem.includes(String(status)));
    problems.splice(0, problems.length, ...rest);
  }
}

describe.each([
  ['on a desktop', DESKTOP_SCREEN],
  ['on a phone', PHONE_SCREEN],
])('the morning routine %s', (_where, viewport) => {
  test('from the notice to the approval', async () => {
    await comesByChat();
    const link = /http\S+\/admin\/\S+/.exec(daftar.fonnte.messagesTo(ADMIN_PHONE)[0]!)![0];
    const { page } = await open({ viewport });
    await page.goto(link.replace('localhost', '127.0.0.1'));

    await signIn(page, daftar);
    await page.getByRole('heading', { name: 'Siti Rahmawati' }).waitFor();
    expect(await isWiderThanScreen(page)).toBe(false);
    const talk = page.getByRole('region', { name: 'Percakapan dengan pelanggan' });
    await talk.locator('.from-customer').getByText('DAFTAR', { exact: true }).waitFor();
    await expect(talk.getByText('Kode OTP (disembunyikan)').count()).resolves.toBe(1);
    expect(await page.content()).not.toContain(daftar.chatWith(CUSTOMER).lastCode());
    const map = page.getByRole('link', { name: 'OpenStreetMap' });
    expect(await map.getAttribute('href')).toContain('mlat=-6.914744&mlon=107.60981');
    expect(await map.getAttribute('rel')).toBe('noopener noreferrer');

    await decide(page, 'Tandai data terverifikasi');
    await page.getByRole('status').getByText('Status pendaftaran telah diubah.').waitFor();
    expect(await page.evaluate('document.activeElement.className')).toBe('flash success');
    await decide(page, 'Setujui');
    await page.locator('#state').getByText('Disetujui').waitFor();
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(CUSTOMER).at(-1)).toContain('telah disetujui');

    await page.getByRole('link', { name: '← Semua pendaftaran' }).click();
    await page.getByRole('row', { name: 'Siti Rahmawati' }).getByText('Disetujui').waitFor();
    expect(await isWiderThanScreen(page)).toBe(false);
  });
});

test('a rejection reaches the customer with its reason', async () => {
  const page = await signedIn();
  const id = await addRegistration(daftar, { phone: CUSTOMER });
  await page.goto(`${daftar.url}/admin/registrations/${id}`);
  await page.getByText('Tolak', { exact: true }).first().click();
  await page.getByLabel('Alasan penolakan').fill('Alamat di luar jangkauan kami.');
  await page.getByRole('button', { name: 'Tolak' }).click();
  await page.locator('#state').getByText('Ditolak').waitFor();
  await page.getByText('tidak ada langkah lagi').waitFor();
  await daftar.settle();
  expect(daftar.fonnte.messagesTo(CUSTOMER)[0]).toContain('Alasan: Alamat di luar jangkauan kami.');
});

test('a survey gets a date, not one in the past', async () => {
  const page = await signedIn();
  const id = await addRegistration(daftar, { phone: CUSTOMER, status: 'verified' });
  await page.goto(`${daftar.url}/admin/registrations/${id}`);
  const date = page.getByLabel('Tanggal survei');
  expect(await date.getAttribute('min')).toBe('2026-11-25');
  await date.fill('2026-11-30');
  await decide(page, 'Jadwalkan survei');
  await page.locator('#state').getByText('Survei dijadwalkan').waitFor();
  await daftar.settle();
  expect(daftar.fonnte.messagesTo(CUSTOMER)[0]).toContain('*Senin, 30 November 2026*');
});

test('the list is searched, sorted and paged', async () => {
  for (let n = 1; n <= 25; n += 1) {
    await addRegistration(daftar, { full_name: `Pelanggan ${String(n).padStart(2, '0')}` });
  }
  const page = await signedIn();
  const names = () => page.locator('th.who a').allInnerTexts();
  await page.getByRole('link', { name: 'Pelanggan', exact: true }).click();
  expect((await names()).slice(0, 2)).toEqual(['Pelanggan 01', 'Pelanggan 02']);
  await page.getByRole('link', { name: 'Berikutnya' }).click();
  expect(await names()).toEqual([
    'Pelanggan 21',
    'Pelanggan 22',
    'Pelanggan 23',
    'Pelanggan 24',
    'Pelanggan 25',
  ]);
  await page.getByLabel('Cari pendaftaran').fill('gan 07');
  await page.keyboard.press('Enter');
  await page.getByText('1–1 dari 1').waitFor();
  expect(await names()).toEqual(['Pelanggan 07']);
});

test('what the list shows is exported, and opens as CSV', async () => {
  await addRegistration(daftar, { full_name: 'Siti, "Rahma"', status: 'verified' });
  await addRegistration(daftar, { full_name: 'Budi Santoso' });
  const page = await signedIn();
  await page.getByRole('navigation', { name: 'Status' }).getByText('Data terverifikasi').click();
  await page.getByRole('row', { name: 'Siti' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Unduh CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('registrations-2026-11-25.csv');
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\uFEFFregistration_number,created_at,status,/);
  expect(lines[1]).toContain('"Siti, ""Rahma"""');
});

test('of two admins the second is told what the first did, and keeps what was typed', async () => {
  const id = await addRegistration(daftar);
  const [first, second] = [await signedIn('tono'), await signedIn('sari')];
  for (const page of [first, second]) await page.goto(`${daftar.url}/admin/registrations/${id}`);
  await decide(first, 'Tandai data terverifikasi');
  await first.getByRole('status').getByText('telah diubah').waitFor();

  await second.getByText('Tolak', { exact: true }).first().click();
  await second.getByLabel('Alasan penolakan').fill('Data tidak lengkap.');
  await second.getByRole('button', { name: 'Tolak' }).click();
  const alert = second.getByRole('alert').filter({ hasText: 'belum disimpan' });
  await alert.getByText('tono: Data terverifikasi').waitFor();
  expect(await second.getByLabel('Alasan penolakan').inputValue()).toBe('Data tidak lengkap.');
  forgive(409);

  await second.getByRole('button', { name: 'Tolak' }).click();
  await second.locator('#state').getByText('Ditolak').waitFor();
});

describe('while a page is open', () => {
  const EVERY_MS = 5_000;

  async function signedInWithClock(path = '/admin/registrations') {
    const { page } = await open();
    await page.clock.install();
    await signIn(page, daftar);
    await page.goto(daftar.url + path);
    await page.evaluate('window.isStillTheSame = true');
    return page;
  }

  test('a new registration comes into the list, marked, and is told to screen readers', async () => {
    await addRegistration(daftar, { full_name: 'Budi Santoso' });
    const page = await signedInWithClock();
    await comesByChat();
    await page.clock.runFor(EVERY_MS + 100);
    const row = page.getByRole('row', { name: 'Siti Rahmawati' });
    await row.waitFor();
    expect(await row.getAttribute('class')).toBe('is-new');
    await page.getByRole('status').getByText('1 pendaftaran baru.').waitFor();
    await expect(page.locator('tr.is-new').count()).resolves.toBe(1);
    expect(await page.evaluate('window.isStillTheSame')).toBe(true);
    expect(await page.locator('#tabs a').first().innerText()).toBe('Semua 2');
  });

  test('an open registration says when somebody else has changed it', async () => {
    const id = await addRegistration(daftar);
    const page = await signedInWithClock(`/admin/registrations/${id}`);
    await page.getByLabel('Catatan').first().fill('Sedang saya periksa');
    const colleague = await adminOf(daftar, 'tono');
    await colleague.decide(id, { status: 'verified' });
    await page.clock.runFor(EVERY_MS + 100);
    await page.getByRole('alert').getByText('baru saja berubah').waitFor();
    await page.locator('#state').getByText('Data terverifikasi').waitFor();
    expect(await page.getByLabel('Catatan').first().inputValue()).toBe('Sedang saya periksa');
  });

  test('it asks nothing while nobody is there, and shows the login once the session is over', async () => {
    const page = await signedInWithClock();
    let asked = 0;
    page.on('request', () => (asked += 1));
    await page.clock.fastForward(16 * 60_000);
    await page.clock.runFor(EVERY_MS);
    await page.getByText('Pembaruan dijeda').waitFor();
    expect(asked).toBe(0);
    daftar.clock.advance(31 * 60_000);
    await page.keyboard.press('Shift');
    await page.clock.runFor(EVERY_MS + 100);
    await page.getByLabel('Nama pengguna').waitFor();
  });
});

test('NIK and ID-card photo are shown when asked for, and the look stands in the log', async () => {
  const form = webForm(daftar);
  const picture = readFileSync(join(__dirname, '../../docs/images/admin-list.png')).toString('base64');
  await form.register({
    ...FORM,
    ...{ phone: CUSTOMER, verification_token: await form.tokenFor(CUSTOMER) },
    ...{ id_card_number: '3273010101900001', id_card_photo: `data:image/png;base64,${picture}` },
  });
  const page = await signedIn();
  await page.goto(`${daftar.url}/admin/registrations/1`);
  expect(await page.content()).not.toContain('3273010101900001');
  await page.getByRole('button', { name: 'Tampilkan NIK' }).click();
  await page.getByText('3273010101900001').waitFor();
  await page.getByRole('button', { name: 'Tampilkan foto KTP' }).click();
  await page.waitForFunction(`document.querySelector('.id-card')?.naturalWidth > 100`);
  await page.reload();
  await page.locator('#timeline').getByText('NIK ditampilkan').waitFor();
  await page.locator('#timeline').getByText('Foto KTP ditampilkan').first().waitFor();
});

test('what a customer typed stays text, and runs nothing', async () => {
  const hostile = '<img src=x onerror="window.ran = 1"><script>window.ran = 2</script>';
  const id = await addRegistration(daftar, {
    full_name: `Budi ${hostile}`,
    address: hostile,
    phone: CUSTOMER,
  });
  await daftar.webhook({ sender: CUSTOMER, message: hostile });
  const page = await signedIn();
  await page.getByRole('link', { name: `Budi ${hostile}` }).click();
  await page.getByRole('heading', { name: `Budi ${hostile}` }).waitFor();
  await page.locator('.from-customer').getByText(hostile).waitFor();
  expect(page.url()).toBe(`${daftar.url}/admin/registrations/${id}`);
  expect(await page.evaluate('window.ran')).toBeUndefined();
});

test('without JavaScript: from the login to a decision', async () => {
  const id = await addRegistration(daftar, { full_name: 'Siti Rahmawati', phone: CUSTOMER });
  const { page } = await open({ javaScriptEnabled: false });
  await signIn(page, daftar);
  await page.getByRole('link', { name: 'Siti Rahmawati' }).click();
  await page.getByText('Tandai data terverifikasi').last().click();
  await page.getByRole('status').getByText('telah diubah').waitFor();
  expect(page.url()).toBe(`${daftar.url}/admin/registrations/${id}?done=decided`);
  await page.getByText('Setujui', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Setujui' }).click();
  await page.locator('#state').getByText('Disetujui').waitFor();
});

test('by keyboard alone: skip to the content, to the first registration, back', async () => {
  await addRegistration(daftar, { full_name: 'Siti Rahmawati' });
  const page = await signedIn();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await page.getByRole('link', { name: 'Siti Rahmawati' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Siti Rahmawati' }).waitFor();
});
