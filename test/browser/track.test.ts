/** A customer follows a registration, with and without JavaScript. */
import { type Browser, type Page } from 'playwright-core';
import { addRegistration } from '../support/admin';
import { DESKTOP_SCREEN, launchBrowser, PHONE_SCREEN } from '../support/browser';
import { startDaftar, type Answer, type Daftar } from '../support/daftar';
import { accessibilityProblems, heading, isWiderThanScreen, visit, type Visit } from '../support/form-page';
import { statusLabels } from '../../src/messages/id/web';
import { STATUSES } from '../../src/registration/lifecycle';

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

async function opens(path: string, options: Parameters<typeof visit>[2] = {}): Promise<void> {
  customer = await visit(browser, daftar, { viewport: PHONE_SCREEN, ...options });
  page = customer.page;
  await customer.open(path);
}

const asPage = ({ status, headers, body }: Answer) => ({ status, headers, body: body as string });

const NUMBER = 'REG-20261125-0001';
const registered = (fields: Parameters<typeof addRegistration>[1] = {}) =>
  addRegistration(daftar, { registration_number: NUMBER, phone: '6281200077890', ...fields });

async function proves(last4: string): Promise<void> {
  await page.getByLabel('4 angka terakhir').fill(last4);
  await page.getByRole('button', { name: 'Lihat rincian' }).click();
}

test.each([
  ['on a phone, without JavaScript', { javaScriptEnabled: false }],
  ['on a dark desktop', { viewport: DESKTOP_SCREEN, colorScheme: 'dark' as const }],
])('from the number to the details %s', async (_where, options) => {
  await registered({ status: 'survey_scheduled', survey_scheduled_date: '2026-11-30' });
  await opens('/track', options);
  await page.getByLabel('Nomor pendaftaran').fill(` ${NUMBER.toLowerCase()} `);
  await page.getByRole('button', { name: 'Lihat status' }).click();
  await heading(page, 'Survei dijadwalkan');
  expect(new URL(page.url()).pathname).toBe(`/track/${NUMBER}`);
  await page.getByText('B*** S******').waitFor();
  await expect(page.getByText('30 November 2026').count()).resolves.toBe(0);

  await proves('7890');
  await page.getByText('Senin, 30 November 2026').waitFor();
  await page.getByText('Rumah 20').waitFor();
  expect(page.url()).not.toContain('7890');
  await expect(page.content()).resolves.not.toMatch(/Budi|Mawar|example\.com|62812000/);
});

test('every status is a page that all can read', async () => {
  for (const [index, status] of STATUSES.entries())
    await registered({ registration_number: `REG-20261125-000${index + 1}`, status });
  await opens('/track');
  for (const [index, status] of STATUSES.entries()) {
    await customer.open(`/track/REG-20261125-000${index + 1}`);
    await heading(page, statusLabels[status]);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await isWiderThanScreen(page)).toBe(false);
  }
});

test('a rejection is said plainly, its reason only to whom it concerns', async () => {
  await registered({ status: 'rejected', rejection_reason: 'Alamat di luar jangkauan.' });
  await opens(`/track/${NUMBER}`);
  await page.getByText('tidak dapat kami lanjutkan').waitFor();
  await expect(page.getByText('di luar jangkauan').count()).resolves.toBe(0);
  await proves('7890');
  await page.getByText('Alamat di luar jangkauan.').waitFor();
});

describe('refusals, as answers of the service', () => {
  const post = async (last4: string) =>
    asPage(
      await daftar.request('POST', `/track/${NUMBER}`, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ phone_last4: last4 }).toString(),
      }),
    );
  const get = async (path: string) => asPage(await daftar.get(path));

  test('ten wrong guesses are told politely to come back later, the right one too', async () => {
    await registered();
    for (let guess = 0; guess < 10; guess += 1) {
      const { status, body } = await post(`000${guess}`);
      expect(status).toBe(400);
      expect(body).toContain('tidak cocok');
    }
    const { status, headers, body } = await post('7890');
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body).toContain('Terlalu banyak percobaan');
    expect(body).toContain('Menunggu pemeriksaan data');
    expect(body).not.toContain('Rumah 20');

    // What is no guess costs none, and is told what is missing.
    daftar.clock.advance(3_601_000);
    expect((await post('78')).body).toContain('Tulis 4 angka terakhir');
    expect((await post('7890')).body).toContain('Rumah 20');
    await opens('/track');
  });

  test('an unknown number leads back to the question; no search engine is told of any', async () => {
    await registered();
    const unknown = await get('/track/REG-20261125-0002');
    expect(unknown.status).toBe(404);
    expect(unknown.body).toContain('Nomor pendaftaran tidak ditemukan');
    expect(unknown.body).toContain('value="REG-20261125-0002"');
    const { headers, body } = await get(`/track/${NUMBER}`);
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toContain('<meta name="robots" content="noindex"');
    const odd = await get(`/track/${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(odd.status).toBe(404);
    expect(odd.body).not.toContain('<script>alert');
    await opens('/track');
  });
});
