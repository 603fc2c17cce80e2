/** The provider's own form, from the first field to the number, on a phone and on a desktop. */
import { type Browser } from 'playwright-core';
import { DESKTOP_SCREEN, launchBrowser, PHONE_SCREEN } from '../support/browser';
import { startDaftar, rows, type Daftar } from '../support/daftar';
import {
  accessibilityProblems,
  choosePackage,
  consentAndSend,
  fillAddress,
  heading,
  isWiderThanScreen,
  verify,
  visit,
  type Visit,
} from '../support/form-page';

let browser: Browser;
let daftar: Daftar;
let customer: Visit;

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

test.each([
  ['on a phone', PHONE_SCREEN],
  ['on a desktop', DESKTOP_SCREEN],
])('a whole registration %s', async (_where, viewport) => {
  customer = await visit(browser, daftar, { viewport });
  const { page } = customer;
  const looksRight = async () => {
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await isWiderThanScreen(page)).toBe(false);
  };

  await customer.open();
  await heading(page, 'Daftar internet Nusantara Net');
  await looksRight();
  await verify(page, daftar);
  await looksRight();
  await fillAddress(page);
  await looksRight();
  await choosePackage(page);
  await looksRight();
  await consentAndSend(page);
  await heading(page, 'Pendaftaran berhasil');
  await page.getByText('REG-20261125-0001').waitFor();
  await looksRight();

  const [made] = rows(daftar.service, 'SELECT * FROM registrations');
  expect(made).toMatchObject({
    full_name: 'Budi Santoso',
    phone: '6281200070001',
    email: 'budi@example.com',
    address: 'Jl. Mawar No. 12, Griya Asri',
    city: 'Bandung',
    channel: 'web',
  });
  await page.getByRole('link', { name: 'Lihat status pendaftaran' }).click();
  await heading(page, 'Menunggu pemeriksaan data');
});
