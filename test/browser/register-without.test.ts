/** The form without WhatsApp, and without JavaScript; what leads to it. */
import { type Browser } from 'playwright-core';
import { launchBrowser, PHONE_SCREEN } from '../support/browser';
import { startDaftar, type Daftar } from '../support/daftar';
import { askForCode, heading, visit, type Visit } from '../support/form-page';

let browser: Browser;
let daftar: Daftar;
let customer: Visit;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await customer.close();
  await daftar.close();
});

test('with WhatsApp disabled the form says so, and shows its developer the code', async () => {
  daftar = await startDaftar({ env: { WHATSAPP_ENABLED: 'false' } });
  customer = await visit(browser, daftar, { viewport: PHONE_SCREEN });
  const { page } = customer;
  await customer.open();
  await page.getByText('WhatsApp sedang dinonaktifkan').waitFor();
  await askForCode(page);
  await page.getByText('tidak dikirim: WhatsApp').waitFor();
  const shown = (await page.getByText('Kode uji').innerText()).replace(/\D/g, '');
  await page.getByLabel('Kode OTP').fill(shown);
  await heading(page, 'Di mana internet dipasang?');
});

test('without JavaScript the chat is offered', async () => {
  daftar = await startDaftar();
  customer = await visit(browser, daftar, { viewport: PHONE_SCREEN, javaScriptEnabled: false });
  const { page } = customer;
  await customer.open();
  await page.getByText('memerlukan JavaScript').waitFor();
  const link = page.getByRole('link', { name: 'Daftar lewat WhatsApp' }).first();
  await expect(link.getAttribute('href')).resolves.toBe('https://wa.me/6280000000000?text=DAFTAR');
  await expect(page.getByLabel('Nama lengkap').isVisible()).resolves.toBe(false);
});
