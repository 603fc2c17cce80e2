/** The other way round: the customer writes to us, and the form that waits goes on by itself. */
import { type Browser, type Page } from 'playwright-core';
import { encode } from 'uqr';
import { DESKTOP_SCREEN, launchBrowser, PHONE_SCREEN } from '../support/browser';
import { startDaftar, DEVICE, type Daftar } from '../support/daftar';
import {
  accessibilityProblems,
  askForCode,
  choosePackage,
  consentAndSend,
  fillAddress,
  heading,
  isWiderThanScreen,
  PHONE,
  visit,
  type Visit,
} from '../support/form-page';

let browser: Browser;
let daftar: Daftar;
let customer: Visit;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  daftar = await startDaftar({ env: { BRAND_NAME: 'Nusantara Net' } });
});
afterEach(async () => {
  await customer.close();
  await daftar.close();
});

async function opens(viewport: typeof PHONE_SCREEN): Promise<void> {
  customer = await visit(browser, daftar, { viewport });
  page = customer.page;
  await page.clock.install();
  await customer.open();
}

/** The customer writes to us; the form, which asks every two seconds, asks now. */
async function writes(message: string): Promise<void> {
  await daftar.webhook({ sender: PHONE, message });
  await page.clock.fastForward(2_000);
}

const takeOtherWay = () => page.getByRole('button', { name: 'Verifikasi dengan mengirim pesan' }).click();

/** What stands behind the button that opens WhatsApp. */
async function offered(): Promise<{ url: string; text: string }> {
  await heading(page, 'Kirim satu pesan WhatsApp');
  const url = (await page.getByRole('link', { name: 'Buka WhatsApp' }).getAttribute('href'))!;
  return { url, text: new URL(url).searchParams.get('text')! };
}

test('no code gets out: the customer writes instead, and registers', async () => {
  daftar.fonnte.behave({ refuse: 'request invalid on disconnected device' });
  await opens(PHONE_SCREEN);
  await askForCode(page);
  await page.getByText('Gagal mengirim OTP').waitFor();
  await takeOtherWay();

  const { url, text } = await offered();
  expect(url).toMatch(new RegExp(`^https://wa\\.me/${DEVICE}\\?text=VERIFIKASI`));
  await page.getByText(text).waitFor();
  await page.getByText('Menunggu pesan Anda').waitFor();
  expect(await page.locator('#qr').isVisible()).toBe(false);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await isWiderThanScreen(page)).toBe(false);

  await writes(text);
  await page.getByText('Balas YA di WhatsApp').waitFor();
  await writes('YA');
  await heading(page, 'Di mana internet dipasang?');

  await fillAddress(page);
  await choosePackage(page);
  await consentAndSend(page);
  await heading(page, 'Pendaftaran berhasil');
});

test('on a desktop a QR code holds the same link, and a mistyped number is mended by writing', async () => {
  await opens(DESKTOP_SCREEN);
  await askForCode(page, { name: 'Budi Santoso', phone: '081200070002', email: 'budi@example.com' });
  await heading(page, 'Masukkan kode');
  await page.getByText('Kode belum sampai?').click();
  await takeOtherWay();

  const { url, text } = await offered();
  const drawn = page.locator('#qr path');
  await drawn.waitFor();
  const { data } = encode(url, { border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  await expect(drawn.getAttribute('d')).resolves.toBe(dark.join(''));
  expect(await accessibilityProblems(page)).toEqual([]);

  await writes(text);
  await writes('ya');
  await heading(page, 'Di mana internet dipasang?');
  await page.getByText('Nomor WhatsApp Anda kini 0812-0007-0001').waitFor();

  await page.goBack();
  await heading(page, /Daftar internet/);
  await page.getByText('0812-0007-0001 sudah terverifikasi').waitFor();
});

test('a code that is typed into the chat moves the form on as well', async () => {
  await opens(PHONE_SCREEN);
  await askForCode(page);
  await heading(page, 'Masukkan kode');
  await writes(daftar.fonnte.lastCodeTo(PHONE)!);
  await page.getByText('Kode diterima di chat').waitFor();
  await writes('YA');
  await heading(page, 'Di mana internet dipasang?');
});

test('a text that ran out is replaced by a new one', async () => {
  await opens(PHONE_SCREEN);
  await askForCode(page);
  await page.getByText('Kode belum sampai?').click();
  await takeOtherWay();
  const { text } = await offered();

  daftar.clock.advance(601_000);
  await page.clock.fastForward(2_000);
  await page.getByText('Teks ini sudah tidak berlaku').waitFor();
  await page.getByRole('button', { name: 'Buat teks baru' }).click();
  await page.getByText('Menunggu pesan Anda').waitFor();
  const { text: renewed } = await offered();
  expect(renewed).not.toBe(text);

  await page.reload();
  await heading(page, 'Kirim satu pesan WhatsApp');
  await writes(renewed);
  await writes('YA');
  await heading(page, 'Di mana internet dipasang?');
});
