/** Every admins' page under axe, in light and dark, wide and narrow, with all that it can show. */
import { type Browser } from 'playwright-core';
import { questions } from '../../src/messages/id/chat';
import { STATUSES } from '../../src/registration/lifecycle';
import { addRegistration } from '../support/admin';
import { accessibilityProblems, isWiderThanScreen, openWindow, signIn } from '../support/admin-browser';
import { DESKTOP_SCREEN, launchBrowser, PHONE_SCREEN } from '../support/browser';
import { chatAt, finish } from '../support/chat-journey';
import { DEVICE, startDaftar, WEBHOOK_TOKEN, type Daftar } from '../support/daftar';

let browser: Browser;
let daftar: Daftar;

beforeAll(async () => {
  browser = await launchBrowser();
  daftar = await startDaftar({ env: { BRAND_NAME: 'Nusantara Net' } });
  await somethingOfEverything();
});
afterAll(async () => {
  await daftar.close();
  await browser.close();
});

/** Registration 1 came by chat; 2 to 9 have one status each; a message refused, one not understood, an alert. */
async function somethingOfEverything(): Promise<void> {
  await finish(daftar, daftar.chatWith('6281200062001'), { location: '-6.914744, 107.609810' });
  for (const status of STATUSES) {
    await addRegistration(daftar, {
      status,
      full_name: 'Wolfeschlegelsteinhausenbergerdorff Kusumawardhaningtyasputri',
      survey_scheduled_date: '2026-11-30',
      rejection_reason: 'Alamat di luar jangkauan.',
    });
  }
  daftar.fonnte.behave({ refuse: 'target invalid' }, '6281200062002');
  await daftar.webhook({ sender: '6281200062002', message: 'Halo' });
  await daftar.settle();
  const chat = await chatAt(daftar, 'address', '6281200062003');
  const broken = jest.spyOn(questions, 'city').mockImplementationOnce(() => {
    throw new TypeError('a bug of ours');
  });
  await daftar.webhook({ sender: chat.phone, message: 'Jl. Mawar No. 12' });
  broken.mockRestore();
  const url = `/webhooks/fonnte/devices?token=${WEBHOOK_TOKEN}`;
  await daftar.post(url, { device: DEVICE, status: 'disconnect', reason: 'logged out' });
}

const PAGES = [
  '/admin/registrations',
  '/admin/registrations?status=rejected&search=tidak+ada&from=2026-11-01',
  '/admin/registrations?from=kemarin',
  '/admin/registrations/1',
  '/admin/registrations/2?done=decided',
  '/admin/registrations/3',
  '/admin/registrations/999',
  '/admin/dashboard?days=30',
  '/admin/failures?done=not_retryable',
  '/admin/packages',
  '/admin/packages/1',
  '/admin/packages/new',
];

describe.each([
  ['a light desktop', DESKTOP_SCREEN, 'light'],
  ['a dark phone', PHONE_SCREEN, 'dark'],
] as const)('on %s', (_where, viewport, colorScheme) => {
  let window: Awaited<ReturnType<typeof openWindow>>;

  beforeAll(async () => {
    window = await openWindow(browser, daftar, { viewport, colorScheme, reducedMotion: 'reduce' });
  });
  afterAll(() => window.close());

  test('the login, before and after a mistake', async () => {
    const { page } = window;
    await page.goto(`${daftar.url}/admin`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Nama pengguna').fill('sari');
    await page.getByLabel('Kata sandi').fill('salah');
    await page.getByRole('button', { name: 'Masuk' }).click();
    await page.getByRole('alert').getByText('salah').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await isWiderThanScreen(page)).toBe(false);
    await signIn(page, daftar);
  });

  test.each(PAGES)('%s', async (path) => {
    const { page } = window;
    await page.goto(daftar.url + path);
    // What is folded away is looked at too.
    await page.evaluate(`for (const one of document.querySelectorAll('details')) {
      one.removeAttribute('name');
      one.open = true;
    }`);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await isWiderThanScreen(page)).toBe(false);
  });
});
