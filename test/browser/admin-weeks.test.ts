/**
 * Two ordinary weeks as the pages show them. `UPDATE_PICTURES=1` also takes the README's pictures of them anew:
 * UPDATE_PICTURES=1 npx jest --selectProjects browser --testPathPatterns admin-weeks
 */
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { openWindow, signIn } from '../support/admin-browser';
import { seedClock, seedTwoWeeks } from '../support/admin-seed';
import { DESKTOP_SCREEN, launchBrowser } from '../support/browser';
import { startDaftar, type Daftar } from '../support/daftar';

let browser: Browser;
let daftar: Daftar;
let window: Awaited<ReturnType<typeof openWindow>>;

beforeAll(async () => {
  browser = await launchBrowser();
  const env = { BRAND_NAME: 'Nusantara Net', PUBLIC_URL: 'http://daftar.nusantara.example' };
  daftar = await startDaftar({ clock: seedClock(), env });
  await seedTwoWeeks(daftar);
  window = await openWindow(browser, daftar, { viewport: DESKTOP_SCREEN });
  await signIn(window.page, daftar);
});
afterAll(async () => {
  await window.close();
  await daftar.close();
  await browser.close();
});

async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_PICTURES'] !== '1') return;
  await page.screenshot({ path: join(__dirname, `../../docs/images/${name}.png`) });
}

test('the list has them all, the newest first', async () => {
  const { page } = window;
  await page.getByText('1–20 dari 41').waitFor();
  const tabs = await page.locator('#tabs .count').allInnerTexts();
  expect(tabs.map(Number)).toEqual([41, 3, 5, 5, 5, 5, 9, 5, 4]);
  expect(await page.locator('.number').first().innerText()).toBe('REG-20261125-0003');
  await picture(page, 'admin-list');
});

test('a registration has its customer’s conversation beside it', async () => {
  const { page } = window;
  await page.getByRole('link', { name: 'Ni Luh Ayu Wulandari' }).first().click();
  const talk = page.locator('#conversation');
  await talk.locator('.from-customer').getByText('Halo, mau pasang wifi').waitFor();
  await expect(talk.getByText('sudah kami periksa').isVisible()).resolves.toBe(true);
  await talk.evaluate((box) => (box.scrollTop -= 330));
  await picture(page, 'admin-detail');
});

test('the dashboard counts who came how far', async () => {
  const { page } = window;
  await page.goto(`${daftar.url}/admin/dashboard`);
  expect(await page.locator('#funnel strong').allInnerTexts()).toEqual(['54', '48', '41', '14']);
  await expect(page.locator('svg.chart rect.first').count()).resolves.toBe(14);
});
