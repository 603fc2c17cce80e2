/** The ID card's photo: shrunk on the phone, sent with a bar that moves, sealed where it is kept. */
import { type Browser, type Page } from 'playwright-core';
import { createVault } from '../../src/platform/crypto';
import { launchBrowser, PHONE_SCREEN } from '../support/browser';
import { APP_SECRET, rows, startDaftar, type Daftar } from '../support/daftar';
import {
  choosePackage,
  consentAndSend,
  fillAddress,
  heading,
  PHONE,
  verify,
  visit,
  type Visit,
} from '../support/form-page';

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
  customer = await visit(browser, daftar, { viewport: PHONE_SCREEN });
  page = customer.page;
  await customer.open();
  await verify(page, daftar);
  await fillAddress(page);
  await choosePackage(page);
});
afterEach(async () => {
  await customer.close();
  await daftar.close();
});

const take = (buffer: Buffer, name = 'ktp.jpg', mimeType = 'image/jpeg') =>
  page.setInputFiles('#photo', { name, mimeType, buffer });

/** As over a mobile network; on loopback an upload is over before it can be seen. */
async function slowUploads(): Promise<void> {
  const session = await customer.context.newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 20,
    downloadThroughput: -1,
    uploadThroughput: 2_000_000,
  });
}

/** A real JPEG of 3600×2400 with noise in it, as a camera makes them: megabytes. */
async function photographed(): Promise<Buffer> {
  const url = await page.evaluate<string>(`(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 3600;
    canvas.height = 2400;
    const context = canvas.getContext('2d');
    const noise = context.createImageData(3600, 2400);
    const words = new Uint32Array(noise.data.buffer);
    for (let at = 0, seed = 7; at < words.length; at += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      words[at] = seed | 0xff000000;
    }
    context.putImageData(noise, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.9);
  })()`);
  return ofDataUrl(url);
}

const ofDataUrl = (url: string) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');

test('a camera picture is shrunk, its upload is shown, and the service keeps it sealed', async () => {
  const picture = await photographed();
  expect(picture.length).toBeGreaterThan(5 * 1024 * 1024);
  await take(picture);
  await page.getByText('Siap dikirim').waitFor();
  const longest = await page.evaluate<number>(`(async () => {
    const image = document.getElementById('photo-image');
    await image.decode();
    return Math.max(image.naturalWidth, image.naturalHeight);
  })()`);
  expect(longest).toBe(1600);
  const shrunk = ofDataUrl((await page.locator('#photo-image').getAttribute('src'))!);
  expect(shrunk.length).toBeLessThan(picture.length / 2);

  await slowUploads();
  await page.getByLabel('NIK').fill('3273010101900001');
  await page.evaluate(`(() => {
    window.seen = [];
    const text = document.getElementById('upload-text');
    new MutationObserver(() => window.seen.push(text.textContent)).observe(text, { childList: true });
  })()`);
  await consentAndSend(page);
  await heading(page, 'Pendaftaran berhasil');
  const seen = await page.evaluate<string[]>('window.seen');
  expect(seen.some((text) => /Mengunggah foto: \d+%/.test(text))).toBe(true);
  expect(seen.at(-1)).toContain('Menyimpan pendaftaran');

  const [kept] = rows<{ mime: string; sealed: Buffer }>(daftar.service, 'SELECT * FROM id_card_photos');
  expect(kept!.mime).toBe('image/jpeg');
  expect(kept!.sealed.includes(shrunk.subarray(0, 64))).toBe(false);
  expect(createVault(APP_SECRET).open(kept!.sealed, `ID card of ${PHONE}`).equals(shrunk)).toBe(true);
});

test('what is no picture is refused at once, and a picture can be taken away again', async () => {
  await take(Buffer.from('no picture at all'));
  await page.getByText('Foto ini tidak dapat dibaca').waitFor();

  await take(await photographed());
  await page.getByText('Siap dikirim').waitFor();
  await page.getByRole('button', { name: 'Hapus foto' }).click();
  await consentAndSend(page);
  await heading(page, 'Pendaftaran berhasil');
  expect(rows(daftar.service, 'SELECT * FROM id_card_photos')).toEqual([]);
});
