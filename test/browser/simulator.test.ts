/** Everyone's first minute: the simulator in a real browser, against the real service. */
import { type Browser, type Page } from 'playwright-core';
import { DESKTOP_SCREEN, launchBrowser, openPage, PHONE_SCREEN, type WatchedPage } from '../support/browser';
import { startDaftar, type Daftar } from '../support/daftar';

let browser: Browser;
let daftar: Daftar;
let watched: WatchedPage;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  daftar = await startDaftar({ env: { WHATSAPP_ENABLED: 'false', BRAND_NAME: 'Nusantara Net' } });
});
afterEach(async () => {
  const { problems } = watched;
  await watched.page.close();
  await daftar.close();
  expect(problems).toEqual([]);
});

const open = async (viewport = DESKTOP_SCREEN): Promise<Page> => {
  watched = await openPage(browser, `${daftar.url}/simulator`, viewport);
  return watched.page;
};

const bubblesOf = (page: Page, from: 'bot' | 'customer') =>
  page.locator(`[data-testid=bubble][data-from=${from}]`);

/** Types as the customer and waits until the bot's answer with these words stands in the conversation. */
async function says(page: Page, text: string, expected: string | RegExp): Promise<void> {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('send').click();
  await bubblesOf(page, 'bot').filter({ hasText: expected }).last().waitFor();
}

async function readCode(page: Page): Promise<string> {
  const message = bubblesOf(page, 'bot').filter({ hasText: 'Kode ini berlaku' }).last();
  await message.waitFor();
  return /\b\d{6}\b/.exec(await message.innerText())![0];
}

test.each([
  ['on a desktop', DESKTOP_SCREEN],
  ['on a phone', PHONE_SCREEN],
])('a whole registration %s', async (_where, viewport) => {
  const page = await open(viewport);

  await says(page, 'DAFTAR', 'UU PDP');
  await says(page, 'Budi Santoso', 'KIRIM ULANG');
  await says(page, await readCode(page), 'Nomor Anda terverifikasi');
  await says(page, 'budi@example.com', 'pemasangannya');
  await says(page, 'Jl. Mawar No. 12 RT 01/02', 'kabupaten');
  await says(page, 'Bandung', 'lokasi');

  await page.getByTestId('attach').click();
  await page.locator('#send-location').click();
  await page
    .locator('#sheet')
    .getByRole('button', { name: /Bandung/ })
    .click();
  await bubblesOf(page, 'bot').filter({ hasText: 'Keluarga 50' }).waitFor();

  await says(page, '2', 'jadwal');
  await says(page, 'besok pagi', 'ringkasan');
  await says(page, 'YA', /REG-\d{8}-0001/);

  expect(await page.evaluate('document.body.scrollWidth <= document.body.clientWidth')).toBe(true);
});

test('bold stands out, and what a customer types stays text', async () => {
  const page = await open();
  await says(page, 'DAFTAR', 'nama lengkap');
  await expect(bubblesOf(page, 'bot').locator('strong', { hasText: 'nama lengkap' }).count()).resolves.toBe(
    1,
  );

  await says(page, '<img src=x onerror=alert(1)> *Budi*', 'KIRIM ULANG');
  await expect(page.locator('[data-testid=bubble] img').count()).resolves.toBe(0);
  await bubblesOf(page, 'customer').filter({ hasText: '<img src=x onerror=alert(1)>' }).waitFor();
});

test('the panel shows where the customer is, and a photo is answered kindly', async () => {
  const page = await open();
  await says(page, 'DAFTAR', 'nama lengkap');
  await page.getByTestId('step').filter({ hasText: 'Nama lengkap' }).waitFor();

  await page.getByTestId('attach').click();
  await page.locator('#send-photo').click();
  await bubblesOf(page, 'bot').filter({ hasText: 'teks saja' }).waitFor();
});

test('two numbers have two conversations, and a reload loses nothing', async () => {
  const page = await open();
  await says(page, 'DAFTAR', 'nama lengkap');

  await page.getByTestId('phone').fill('081200000777');
  await page.getByTestId('phone').press('Enter');
  await page.waitForFunction(`document.querySelectorAll('[data-testid=bubble]').length === 0`);

  await page.getByTestId('phone').fill('081200000001');
  await page.getByTestId('phone').press('Enter');
  await bubblesOf(page, 'bot').filter({ hasText: 'nama lengkap' }).waitFor();
  await page.reload();
  await bubblesOf(page, 'bot').filter({ hasText: 'nama lengkap' }).waitFor();
});

test('with WhatsApp enabled the page warns that messages really go out', async () => {
  await daftar.close();
  daftar = await startDaftar();
  const page = await open();
  await page.getByTestId('warning').waitFor({ state: 'visible' });
});
