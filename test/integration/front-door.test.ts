/** Where the service's own address leads, and what customers' pages promise browsers. */
import { startDaftar, type Answer } from '../support/daftar';

test('in production the front door leads to the form; the simulator is behind it elsewhere', async () => {
  const production = {
    NODE_ENV: 'production',
    APP_SECRET: 'test-app-secret-test-app-secret-0123456789',
    ADMIN_PASSWORD: 'a-test-password',
    PUBLIC_URL: 'https://daftar.example.id',
  };
  for (const [env, to] of [
    [production, '/register'],
    [{}, '/simulator'],
  ] as const) {
    const daftar = await startDaftar({ env });
    const { status, headers } = await daftar.get('/');
    expect({ status, to: headers.get('location') }).toEqual({ status: 302, to });
    await daftar.close();
  }
});

test('the pages are complete documents under the strict policy, and a fault is a page too', async () => {
  const daftar = await startDaftar();
  for (const path of ['/register', '/track']) {
    const answer: Answer = await daftar.get(path);
    const { status, headers } = answer;
    const body = String(answer.body);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(body).toMatch(/^<!doctype html>/);
    expect(body).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
  }
  const missing = await daftar.get('/register/nothing');
  expect(missing.status).toBe(404);
  expect(missing.body).toContain('Tidak dapat ditampilkan');
  await daftar.close();
});
