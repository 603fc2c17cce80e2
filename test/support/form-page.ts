/** The provider's own form in a real browser, used as a customer does: by labels, buttons and what can be read. */
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { type Daftar } from './daftar';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const CUSTOMER = { name: 'Budi Santoso', phone: '081200070001', email: 'budi@example.com' };
/** As stored. */
export const PHONE = '6281200070001';

export type Visit = Awaited<ReturnType<typeof visit>>;

export async function visit(browser: Browser, daftar: Daftar, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const { origin } = new URL(daftar.url);
  page.on('console', (message) => {
    // The service's refusals are answers, which browsers log as errors.
    const isRefusal =
      message.location().url.includes('/api/') && /Failed to load resource/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isRefusal) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const isOurs = request.url().startsWith(origin) || request.url().startsWith('data:');
    if (!isOurs) problems.push(`left the origin: ${request.url()}`);
  });
  return {
    context,
    page,
    problems,
    open: (path = '/register') => page.goto(daftar.url + path),
    async close(): Promise<void> {
      await context.close();
      expect(problems).toEqual([]);
    },
  };
}

/** A view is known by its heading. */
export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

export async function fillData(page: Page, { name, phone, email } = CUSTOMER): Promise<void> {
  await page.getByLabel('Nama lengkap').fill(name);
  await page.getByLabel('Nomor WhatsApp').fill(phone);
  await page.getByLabel('Email').fill(email);
}

export async function askForCode(page: Page, customer = CUSTOMER): Promise<void> {
  await fillData(page, customer);
  await page.getByRole('button', { name: 'Kirim kode ke WhatsApp' }).click();
}

/** From the empty form to the address, with the code read on the phone. */
export async function verify(page: Page, daftar: Daftar): Promise<void> {
  await askForCode(page);
  await heading(page, 'Masukkan kode');
  await page.getByLabel('Kode OTP').fill(daftar.fonnte.lastCodeTo(PHONE)!);
  await heading(page, 'Di mana internet dipasang?');
}

export async function fillAddress(page: Page): Promise<void> {
  await page.getByLabel('Alamat lengkap').fill('Jl. Mawar No. 12, Griya Asri');
  await page.getByLabel('Kota/kabupaten').fill('Bandung');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await heading(page, 'Pilih paket');
}

export async function choosePackage(page: Page, name = 'Keluarga 50'): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(name) }).check();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await heading(page, 'Periksa dan kirim');
}

export async function consentAndSend(page: Page): Promise<void> {
  await page.getByLabel(/Saya setuju/).check();
  await page.getByRole('button', { name: 'Kirim pendaftaran' }).click();
}

/** A receipt of the gateway for the newest message it took: `sent`, `delivered`, `read` or `failed`. */
export async function receipt(daftar: Daftar, state: string): Promise<void> {
  const [row] = daftar.service.database.reads.all<{ gateway_id: string }>(
    'SELECT gateway_id FROM messages WHERE gateway_id IS NOT NULL ORDER BY id DESC LIMIT 1',
  );
  const body = { id: row!.gateway_id, stateid: `3EB0${row!.gateway_id}`, status: 'sent', state };
  const { status } = await daftar.post('/webhooks/fonnte/statuses?token=test-webhook-token-0123456789', body);
  expect(status).toBe(200);
}

/** What axe finds on the page as it stands: one line a rule and element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    'axe.run(document).then(({ violations }) => violations)',
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

export const isWiderThanScreen = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
