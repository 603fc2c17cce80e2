/** Web forms that are not ours, in a real browser: axios on the same origin, and the example page on another. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { rows, startDaftar, type Daftar } from '../support/daftar';

const ROOT = join(__dirname, '../..');
const PHONE = '6281200000001';
let browser: Browser;
let page: Page;
let daftar: Daftar;
let site: Server;
let siteUrl: string;
let served = '';

beforeAll(async () => {
  browser = await launchBrowser();
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(served);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
});
beforeEach(async () => {
  daftar = await startDaftar({ env: { CORS_ORIGINS: siteUrl } });
  page = await browser.newPage();
});
afterEach(async () => {
  await page.close();
  await daftar.close();
});

const registered = () =>
  rows<object>(daftar.service, 'SELECT phone, full_name, email, package_id, notes FROM registrations');

describe('axios as it is, on the same origin', () => {
  /** A page of the operator's own, behind the same proxy as the service. */
  async function openForm() {
    const axios = readFileSync(join(ROOT, 'node_modules/axios/dist/axios.min.js'), 'utf8');
    const body = `<!doctype html><title>Form</title><script>${axios}</script>`;
    await page.route(`${daftar.url}/form`, (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.goto(`${daftar.url}/form`);
  }

  /** Posts with `axios.create({ baseURL: '/api' })`; resolves with the status. */
  const post = (path: string, body: object) =>
    page.evaluate(
      async ([where, what]) => {
        // @ts-expect-error: axios is in the page
        // eslint-disable-next-line
        const client = axios.create({ baseURL: '/api' });
        // eslint-disable-next-line
        return (await client.post(where, what)).status as number;
      },
      [path, body] as const,
    );

  test('gets through with its flags and nulls, by the cookie alone', async () => {
    await openForm();
    const full_name = 'Budi Santoso';
    expect(await post('/registrations/public/request-otp', { phone: PHONE, full_name })).toBe(200);
    const otp = daftar.fonnte.lastCodeTo(PHONE);
    expect(await post('/registrations/public/verify-otp', { phone: PHONE, otp })).toBe(200);
    const form = {
      full_name,
      phone: PHONE,
      email: 'budi@example.com',
      address: 'Jl. Mawar No. 12 RT 01/02',
      city: 'Bandung',
      package_id: 2,
      whatsapp_verified: 'true',
      recaptchaToken: null,
      ...{ id_card_number: null, id_card_photo: null, rt: null, rw: null, kelurahan: null, kecamatan: null },
      ...{ postal_code: null, latitude: null, longitude: null, address_notes: null, notes: null },
      ...{ preferred_installation_date: null, preferred_time_slot: null, referral_code: null },
    };
    expect(await post('/registrations/public', form)).toBe(201);
    expect(registered()).toEqual([
      { phone: PHONE, full_name, email: 'budi@example.com', package_id: 2, notes: null },
    ]);
    // The page itself never saw the proof.
    expect(
      await page.evaluate(() => (globalThis as unknown as { document: { cookie: string } }).document.cookie),
    ).toBe('');
  });
});

describe('examples/embed.html, on another origin', () => {
  const said = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();

  async function open(origin: string) {
    served = readFileSync(join(ROOT, 'examples/embed.html'), 'utf8').replace(
      'http://localhost:3001',
      daftar.url,
    );
    await page.goto(origin);
    await page.getByLabel('Nama lengkap').fill('Siti Aminah');
  }

  test('registers, and says what is refused', async () => {
    await open(siteUrl);
    await page.getByLabel('Nomor WhatsApp').fill('0812-0000');
    await page.getByRole('button', { name: 'Kirim kode' }).click();
    await said('Tulis nomor WhatsApp tanpa spasi');
    await page.getByLabel('Nomor WhatsApp').fill(`0${PHONE.slice(2)}`);
    await page.getByRole('button', { name: 'Kirim kode' }).click();
    await said('Kode sudah dikirim');
    await page.getByLabel('Kode OTP').fill(daftar.fonnte.lastCodeTo(PHONE)!);
    await page.getByRole('button', { name: 'Verifikasi' }).click();
    await said('Nomor Anda terverifikasi');
    await page.getByLabel('Email').fill('siti@example.com');
    await page.getByLabel('Alamat').fill('Jl. Melati No. 7 RT 03/04');
    await page.getByLabel('Kota').fill('Bandung');
    await page.getByLabel('Paket').selectOption({ label: 'Keluarga 50' });
    await page.getByRole('button', { name: 'Daftar' }).click();
    await said('REG-20261125-0001');
    expect(registered()).toMatchObject([{ phone: PHONE, email: 'siti@example.com', package_id: 2 }]);
  });

  test('from an origin that is not named in CORS_ORIGINS gets nowhere', async () => {
    await open(siteUrl.replace('127.0.0.1', 'localhost'));
    await page.getByLabel('Nomor WhatsApp').fill(PHONE);
    await page.getByRole('button', { name: 'Kirim kode' }).click();
    await said('Failed to fetch');
    expect(daftar.fonnte.sent).toEqual([]);
  });
});
