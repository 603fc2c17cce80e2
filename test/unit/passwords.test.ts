import { hashPassword, NO_PASSWORD, verifyPassword } from '../../src/platform/passwords';

/** Each hash costs a quarter of a second by design, so one serves all stories. */
let stored: string;
beforeAll(async () => {
  stored = await hashPassword('kata sandi yang panjang ①');
});

test('the right password is taken, a wrong one is not', async () => {
  expect(await verifyPassword('kata sandi yang panjang ①', stored)).toBe(true);
  expect(await verifyPassword('kata sandi yang panjang', stored)).toBe(false);
});

test('it may be typed on another keyboard: what looks the same is the same', async () => {
  expect(await verifyPassword('kata sandi yang panjang 1', stored)).toBe(true);
});

test('what is stored says how it was made, so that the cost can be raised later', () => {
  expect(stored).toMatch(/^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  expect(stored).not.toContain('sandi');
});

test('an older, cheaper hash is still understood', async () => {
  // RFC 7914, section 12: scrypt of "pleaseletmein" and "SodiumChloride", N=16384, r=8, p=1 (its first 32 bytes).
  const salt = Buffer.from('SodiumChloride').toString('base64url');
  const hash = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2';
  const old = `scrypt$16384$8$1$${salt}$${Buffer.from(hash, 'hex').toString('base64url')}`;
  expect(await verifyPassword('pleaseletmein', old)).toBe(true);
  expect(await verifyPassword('pleaseletmeout', old)).toBe(false);
});

test.each(['', 'x', 'scrypt$16384$8$1$$', 'scrypt$16384$8$1$abc$', 'disabled'])(
  'nothing opens an account whose stored hash is %j',
  async (broken) => expect(await verifyPassword('', broken)).toBe(false),
);

test('an account that does not exist costs as much to try as one that does, and never opens', async () => {
  const parameters = (hash: string) => hash.split('$').slice(0, 4);
  expect(parameters(NO_PASSWORD)).toEqual(parameters(stored));
  expect(NO_PASSWORD).toHaveLength(stored.length);
  expect(await verifyPassword('', NO_PASSWORD)).toBe(false);
});

test('the same password twice leaves nothing to compare', async () => {
  expect(await hashPassword('kata sandi yang panjang ①')).not.toBe(stored);
});
