import fc from 'fast-check';
import { createVault, sameSecret } from '../../src/platform/crypto';

const SECRET = 'first-secret-first-secret-first-secret';
const NEXT = 'other-secret-other-secret-other-secret';
const vault = createVault(SECRET);

describe('what is sealed', () => {
  test('opens again to what it was, with the same secret and context', () => {
    const sealed = vault.seal('3201010101010001', 'NIK of 6281200000001');
    expect(createVault(SECRET).open(sealed, 'NIK of 6281200000001').toString()).toBe('3201010101010001');
  });

  test('property: any bytes survive, and none of a longer text shows', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 200 }), fc.string(), (bytes, context) => {
        const plain = Buffer.from(bytes);
        const sealed = vault.seal(plain, context);
        expect(sealed.includes(plain)).toBe(false);
        expect(vault.open(sealed, context).equals(plain)).toBe(true);
      }),
    );
  });

  test('is different each time, so that equal values do not show', () => {
    expect(vault.seal('same', 'here')).not.toEqual(vault.seal('same', 'here'));
  });

  test('stays shut for another context: it cannot be moved to another row', () => {
    const sealed = vault.seal('secret', 'NIK of 6281200000001');
    expect(() => vault.open(sealed, 'NIK of 6281200000002')).toThrow();
  });

  test('stays shut for another secret', () => {
    expect(() => createVault(NEXT).open(vault.seal('secret', 'here'), 'here')).toThrow();
  });

  test('stays shut when any single byte of it was altered, or its end is missing', () => {
    const sealed = vault.seal('secret', 'here');
    for (const index of sealed.keys()) {
      const altered = Buffer.from(sealed);
      altered[index]! ^= 1;
      expect(() => vault.open(altered, 'here')).toThrow();
      expect(() => vault.open(sealed.subarray(0, index), 'here')).toThrow();
    }
  });
});

describe('a hash', () => {
  test('is the same for the same parts, in any process', () => {
    expect(createVault(SECRET).hash('otp', '62812', 'c', '123456')).toBe(
      vault.hash('otp', '62812', 'c', '123456'),
    );
  });

  test('made for one purpose or with one secret is worth nothing for another', () => {
    const hashes = [
      vault.hash('otp', 'value'),
      vault.hash('request_id', 'value'),
      createVault(NEXT).hash('otp', 'value'),
    ];
    expect(new Set(hashes).size).toBe(3);
  });

  test('knows where one part ends and the next begins', () => {
    expect(vault.hash('otp', 'ab', 'c')).not.toBe(vault.hash('otp', 'a', 'bc'));
    expect(vault.hash('otp', 'a', '')).not.toBe(vault.hash('otp', 'a'));
    expect(vault.hash('otp', 'a","b')).not.toBe(vault.hash('otp', 'a', 'b'));
  });

  test('matches its own parts and nothing else', () => {
    const hash = vault.hash('otp', 'phone', 'challenge', '123456');
    expect(vault.matches(hash, 'otp', 'phone', 'challenge', '123456')).toBe(true);
    expect(vault.matches(hash, 'otp', 'phone', 'challenge', '123457')).toBe(false);
    for (const broken of ['', hash.slice(1), `${hash}x`]) {
      expect(vault.matches(broken, 'otp', 'phone', 'challenge', '123456')).toBe(false);
    }
  });
});

describe('after the secret was changed, with the old one given as the previous', () => {
  const changed = createVault(NEXT, SECRET);

  test('what the old one sealed still opens; what is new is sealed with the new one', () => {
    expect(changed.open(vault.seal('old', 'here'), 'here').toString()).toBe('old');
    expect(createVault(NEXT).open(changed.seal('new', 'here'), 'here').toString()).toBe('new');
  });

  test('what the old one hashed is still found and still matches', () => {
    const old = vault.hash('verification_token', 'token');
    expect(changed.hash('verification_token', 'token')).not.toBe(old);
    expect(changed.hashes('verification_token', 'token')).toEqual([
      createVault(NEXT).hash('verification_token', 'token'),
      old,
    ]);
    expect(changed.matches(old, 'verification_token', 'token')).toBe(true);
  });

  test('what neither made stays shut', () => {
    const foreign = createVault('third-secret-third-secret-third-secret');
    expect(() => changed.open(foreign.seal('x', 'here'), 'here')).toThrow();
    expect(changed.matches(foreign.hash('otp', 'x'), 'otp', 'x')).toBe(false);
  });
});

test.each([
  ['same', 'same', true],
  ['same', 'sama', false],
  ['same', 'same ', false],
  ['', 'same', false],
  ['', '', true],
])('sameSecret(%j, %j) is %s', (given, expected, same) => expect(sameSecret(given, expected)).toBe(same));
