/** A real Chromium on the machine; pages collect what no page of ours may have: console errors, foreign requests. */
import { type Browser, chromium, type Page } from 'playwright-core';

export const PHONE_SCREEN = { width: 360, height: 740 };
export const DESKTOP_SCREEN = { width: 1280, height: 800 };

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface WatchedPage {
  page: Page;
  /** Console errors, page errors, answers of 400 and more, and requests that leave the origin. */
  problems: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  viewport = DESKTOP_SCREEN,
): Promise<WatchedPage> {
  const watched = watchPage(await browser.newPage({ viewport }), url);
  await watched.page.goto(url);
  return watched;
}

/** From now on; what an admin is meant to be refused is taken out of `problems` by the test. */
export function watchPage(page: Page, url: string): WatchedPage {
  const problems: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      problems.push(`left the origin: ${request.url()}`);
  });
  return { page, problems };
}
