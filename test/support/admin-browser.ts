/** An admin in a real browser: logs in, reads the list, decides; and what axe thinks of a page. */
import axe from 'axe-core';
import { type BrowserContextOptions, type Browser, type Page } from 'playwright-core';
import { ADMIN, addTestAdmin } from './admin';
import { watchPage, type WatchedPage } from './browser';
import { type Daftar } from './daftar';

/** A page in a window of its own: cookies are not shared with others. */
export async function openWindow(
  browser: Browser,
  daftar: Daftar,
  options: BrowserContextOptions = {},
): Promise<WatchedPage & { close: () => Promise<void> }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  return { ...watchPage(page, daftar.url), close: () => context.close() };
}

export async function signIn(page: Page, daftar: Daftar, username = ADMIN.username): Promise<void> {
  await addTestAdmin(daftar, username);
  if (!page.url().includes('/admin/login')) await page.goto(`${daftar.url}/admin`);
  await page.getByLabel('Nama pengguna').fill(username);
  await page.getByLabel('Kata sandi').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Masuk' }).click();
  await page.getByRole('button', { name: 'Keluar' }).waitFor();
}

/** Opens the move when it is closed, and makes it. */
export async function decide(page: Page, label: string): Promise<void> {
  const move = page.locator('details.move').filter({ has: page.getByText(label, { exact: true }) });
  if (!(await move.evaluate((element) => element.hasAttribute('open'))))
    await move.locator('summary').click();
  await move.getByRole('button', { name: label }).click();
}

/** What axe finds, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<{ violations: axe.Result[] }>('axe.run()');
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

export const isWiderThanScreen = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
