/** The code on the provider's own form: how far it has come, wrong ones, late ones, the next one. */
import { type Browser, type Page } from 'playwright-core';
import { DESKTOP_SCREEN, launchBrowser, PHONE_SCREEN } from '../support/browser';
import { createTestClock, startDaftar, type Daftar, type TestClock } from '../support/daftar';
import { askForCode, heading, PHONE, receipt, visit, type Visit } from '../support/form-page';
import { distinctCodes, webForm, wrongCode } from '../support/web-form';

const SECOND = 1_000;

let browser: Browser;
let daftar: Daftar;
let clock: TestClock;
let customer: Visit;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  clock = createTestClock();
  daftar = await startDaftar({ clock, random: distinctCodes() });
  customer = await visit(browser, daftar, { viewport: PHONE_SCREEN });
  page = customer.page;
  await page.clock.install();
  await customer.open();
});
afterEach(async () => {
  await customer.close();
  await daftar.close();
});

/** The gateway reports; the page, which asks every two seconds, asks now. */
async function reports(state: string): Promise<void> {
  await receipt(daftar, state);
  await page.clock.fastForward(2 * SECOND);
}

/** The same wait for the service and for the page. */
async function wait(ms: number): Promise<void> {
  clock.advance(ms);
  await page.clock.fastForward(ms);
}

const code = () => page.getByLabel('Kode OTP');
const delivery = () => page.locator('#delivery');
const wayOut = () => page.getByRole('button', { name: 'Verifikasi dengan mengirim pesan' });
const theCode = () => daftar.fonnte.lastCodeTo(PHONE)!;

async function asked(): Promise<void> {
  await askForCode(page);
  await heading(page, 'Masukkan kode');
}

test('what the gateway reports of the message is shown as it comes', async () => {
  await asked();
  await delivery().getByText('Dikirim ke WhatsApp Anda ✓').waitFor();
  await receipt(daftar, 'sent');
  await reports('delivered');
  await delivery().getByText('✓✓').waitFor();
  await reports('read');
  await delivery().getByText('Sudah dibaca').waitFor();

  await wait(31 * SECOND);
  await expect(wayOut().isVisible()).resolves.toBe(false);
});

test('a message that failed is said to have, and the next may be asked for at once', async () => {
  await asked();
  await reports('failed');
  await delivery().getByText('Gagal dikirim').waitFor();
  await wayOut().waitFor();

  await page.getByRole('button', { name: 'Kirim ulang kode' }).click();
  await delivery().getByText('Dikirim ke WhatsApp Anda ✓').waitFor();
  await code().fill(theCode());
  await heading(page, 'Di mana internet dipasang?');
});

test('wrong codes count down, and the last one leaves the other way open', async () => {
  await asked();
  for (const left of [4, 3, 2, 1]) {
    await code().fill(wrongCode(theCode(), left));
    await page.getByText(`Sisa percobaan: ${left}.`).waitFor();
  }
  await code().fill(wrongCode(theCode(), 5));
  await page.getByText('percobaan sudah habis').waitFor();
  await code().fill(theCode());
  await page.getByText('Terlalu banyak percobaan').waitFor();
  await wayOut().waitFor();
});

test('an old code is refused; a new one is sent after the countdown', async () => {
  await asked();
  const resend = page.getByRole('button', { name: /Kirim ulang/ });
  await resend.getByText(/Kirim ulang dalam (60|59) detik/).waitFor();
  await expect(resend.isDisabled()).resolves.toBe(true);
  const first = theCode();

  await wait(301 * SECOND);
  await code().fill(first);
  await page.getByText('sudah kedaluwarsa').waitFor();

  await page.getByRole('button', { name: 'Kirim ulang kode' }).click();
  await resend.getByText(/dalam \d+ detik/).waitFor();
  expect(theCode()).not.toBe(first);
  await code().fill(theCode());
  await heading(page, 'Di mana internet dipasang?');
});

test('after half a minute without a sign of the code, the customer is shown what to check', async () => {
  await asked();
  await expect(wayOut().isVisible()).resolves.toBe(false);
  await wait(31 * SECOND);
  await wayOut().waitFor();
  const checks = page.locator('#code-way-out');
  await checks.getByText('tidak ada di Arsip').waitFor();
  await checks.getByText('0812-0007-0001').waitFor();
});

test('a code that another window asked for can be typed here', async () => {
  await webForm(daftar).codeFor(PHONE);
  await asked();
  await page.getByText('Kode baru saja dikirim').waitFor();
  await code().fill(theCode());
  await heading(page, 'Di mana internet dipasang?');
});

test('going back to mend the number, and on again, sends no second code for the same one', async () => {
  await asked();
  await page.getByRole('button', { name: 'Ubah nomor' }).click();
  await page.getByRole('button', { name: 'Kirim kode ke WhatsApp' }).click();
  await heading(page, 'Masukkan kode');
  expect(daftar.fonnte.messagesTo(PHONE)).toHaveLength(1);

  await page.goBack();
  await heading(page, /Daftar internet/);
  await page.getByLabel('Nomor WhatsApp').fill('081200070009');
  await page.getByRole('button', { name: 'Kirim kode ke WhatsApp' }).click();
  await page.getByText('0812-0007-0009').first().waitFor();
  expect(daftar.fonnte.messagesTo('6281200070009')).toHaveLength(1);
});

test('a number that is none is refused beside its field, in words that say what to change', async () => {
  await page.setViewportSize(DESKTOP_SCREEN);
  await askForCode(page, { name: 'Budi Santoso', phone: '0812-0007-0001', email: 'budi@example.com' });
  await page.locator('.field-phone').getByText('tanpa spasi, titik, strip').waitFor();
  await expect(page.getByLabel('Nomor WhatsApp').getAttribute('aria-invalid')).resolves.toBe('true');

  daftar.fonnte.behave({ refuse: 'target invalid' }, PHONE);
  await askForCode(page);
  await page.locator('.field-phone').getByText('tidak dapat dihubungi').waitFor();
});
