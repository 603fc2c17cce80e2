/** The provider's own form where things are left out, left, refused or lost: nothing typed is typed twice. */
import { type Browser, type Page } from 'playwright-core';
import { DESKTOP_SCREEN, launchBrowser, PHONE_SCREEN } from '../support/browser';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import {
  accessibilityProblems,
  askForCode,
  choosePackage,
  consentAndSend,
  CUSTOMER,
  fillAddress,
  heading,
  PHONE,
  verify,
  visit,
  type Visit,
} from '../support/form-page';
import { FORM, webForm } from '../support/web-form';

let browser: Browser;
let daftar: Daftar;
let customer: Visit;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  daftar = await startDaftar();
});
afterEach(async () => {
  await customer.close();
  await daftar.close();
});

async function opens(options: Parameters<typeof visit>[2] = {}, path = '/register'): Promise<void> {
  customer = await visit(browser, daftar, { viewport: PHONE_SCREEN, ...options });
  page = customer.page;
  await customer.open(path);
}

const registration = () => rows<Record<string, unknown>>(daftar.service, 'SELECT * FROM registrations')[0];

test('empty fields are told one by one, in words', async () => {
  await opens({ colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Kirim kode ke WhatsApp' }).click();
  await page.getByText('Nama lengkap wajib diisi.').waitFor();
  await page.getByText('Nomor WhatsApp wajib diisi').waitFor();
  await page.getByText('Email wajib diisi.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await expect(page.getByLabel('Nama lengkap').evaluate('document.activeElement.id')).resolves.toBe(
    'full_name',
  );

  await page.getByLabel('Nama lengkap').fill('Bo');
  await page.getByLabel('Email').fill('bukan email');
  await page.getByRole('button', { name: 'Kirim kode ke WhatsApp' }).click();
  await page.getByText('Tulis minimal 3 karakter').waitFor();
  await page.getByText('Email belum benar').waitFor();
  expect(daftar.fonnte.sent).toHaveLength(0);
});

test('a reload at any step loses nothing, nor does going back', async () => {
  await opens();
  await page.getByLabel('Nama lengkap').fill(CUSTOMER.name);
  await page.reload();
  await heading(page, /Daftar internet/);
  await expect(page.getByLabel('Nama lengkap').inputValue()).resolves.toBe(CUSTOMER.name);

  await askForCode(page);
  await heading(page, 'Masukkan kode');
  await page.reload();
  await heading(page, 'Masukkan kode');
  await page.getByLabel('Kode OTP').fill(daftar.fonnte.lastCodeTo(PHONE)!);
  await heading(page, 'Di mana internet dipasang?');

  await page.getByLabel('Alamat lengkap').fill('Jl. Mawar No. 12');
  await page.reload();
  await heading(page, 'Di mana internet dipasang?');
  await expect(page.getByLabel('Alamat lengkap').inputValue()).resolves.toBe('Jl. Mawar No. 12');
  await fillAddress(page);
  await choosePackage(page);
  await page.goBack();
  await heading(page, 'Pilih paket');
  await expect(page.getByRole('radio', { name: /Keluarga 50/ }).isChecked()).resolves.toBe(true);
  await page.goForward();
  await page.getByLabel(/Saya setuju/).check();
  await page.reload();
  await heading(page, 'Periksa dan kirim');
  await page.getByText('Keluarga 50, Rp299.000/bulan').waitFor();
  await page.getByRole('button', { name: 'Kirim pendaftaran' }).click();
  await heading(page, 'Pendaftaran berhasil');
  await page.reload();
  await page.getByText('REG-20261125-0001').waitFor();

  const kept = await page.evaluate<string>('JSON.stringify({ ...sessionStorage, ...localStorage })');
  expect(kept).not.toMatch(/Budi|Mawar|example|6281200070001/);
});

test('the proof is in no store that scripts can read', async () => {
  await opens();
  await verify(page, daftar);
  const cookies = await customer.context.cookies(`${daftar.url}/api/registrations/public`);
  const proof = cookies.find(({ name }) => name === 'daftar_verification')!;
  expect(proof.httpOnly).toBe(true);
  const readable = await page.evaluate<string>(
    'document.cookie + JSON.stringify({ ...sessionStorage, ...localStorage })',
  );
  expect(readable).not.toContain(proof.value);
});

test('an email that is taken leads back to its field, and the next one goes through', async () => {
  const form = webForm(daftar);
  const phone = '6281200070008';
  await form.register({ ...FORM, phone, verification_token: await form.tokenFor(phone) });

  await opens();
  await verify(page, daftar);
  await fillAddress(page);
  await choosePackage(page);
  await consentAndSend(page);
  await heading(page, /Daftar internet/);
  await page.locator('.field-email').getByText('sudah dipakai').waitFor();
  await page.getByLabel('Email').fill('budi.lain@example.com');
  await page.getByRole('button', { name: 'Lanjut ke alamat' }).click();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('button', { name: 'Kirim pendaftaran' }).click();
  await heading(page, 'Pendaftaran berhasil');
});

test('a refusal of the service leads to the step of its field; consent has to be given', async () => {
  await opens({ viewport: DESKTOP_SCREEN });
  await verify(page, daftar);
  await fillAddress(page);
  await page.getByLabel('Tanggal pemasangan').fill('2026-11-24');
  await choosePackage(page);
  await page.getByRole('button', { name: 'Kirim pendaftaran' }).click();
  await page.getByText('Centang persetujuan').waitFor();
  await consentAndSend(page);
  await heading(page, 'Pilih paket');
  await page.locator('.field-preferred_installation_date').getByText('sudah lewat').waitFor();
});

test('a proof that has run out is asked for again; the rest stays', async () => {
  await opens();
  await verify(page, daftar);
  await fillAddress(page);
  await choosePackage(page);
  daftar.clock.advance(1_801_000);
  await consentAndSend(page);
  await heading(page, /Daftar internet/);
  await page.getByText('belum diverifikasi').waitFor();
  await page.getByRole('button', { name: 'Kirim kode ke WhatsApp' }).click();
  await heading(page, 'Masukkan kode');
  await page.getByLabel('Kode OTP').fill(daftar.fonnte.lastCodeTo(PHONE)!);
  await heading(page, 'Di mana internet dipasang?');
  await expect(page.getByLabel('Alamat lengkap').inputValue()).resolves.toContain('Mawar');
});

test('the position is taken when allowed, and can be taken away again', async () => {
  const geolocation = { latitude: -6.9147444, longitude: 107.6098111, accuracy: 12 };
  await opens(
    { geolocation, permissions: ['geolocation'] },
    '/register?utm_source=brosur&referral_code=SARI',
  );
  await verify(page, daftar);
  await page.getByRole('button', { name: 'Gunakan lokasi saya' }).click();
  await page.getByText('-6.914744, 107.609811').waitFor();
  await page.getByRole('button', { name: 'Hapus lokasi' }).click();
  await page.getByRole('button', { name: 'Gunakan lokasi saya' }).click();
  await page.getByText('(±12 m)').waitFor();
  await fillAddress(page);
  await choosePackage(page);
  await consentAndSend(page);
  await heading(page, 'Pendaftaran berhasil');
  expect(registration()).toMatchObject({
    latitude: -6.914744,
    longitude: 107.609811,
    utm_source: 'brosur',
    referral_code: 'SARI',
  });
});

test('where the position is refused, the form goes on without it', async () => {
  await opens();
  await verify(page, daftar);
  await page.getByRole('button', { name: 'Gunakan lokasi saya' }).click();
  await page.getByText('Lokasi boleh dikosongkan').waitFor();
  await fillAddress(page);
});
