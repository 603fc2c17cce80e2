import fc from 'fast-check';
import { otpName, quote } from '../../src/messages/escape';

/** What WhatsApp might take for markup, guessed generously: a marker at one edge of a word, its twin at the other. */
const FORMATTED = /(?<![\p{L}\p{N}])([*_~])\S(?:.*\S)?\1(?![\p{L}\p{N}])|`/u;
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u00AD\u200B\u200C\u2060\uFEFF\p{Surrogate}]/u;

/** Text made of what does harm, and of what stands around it. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...'*_~`{}<>-.: ab1é😀',
      '\n',
      '\u200d',
      '\u202e',
      '\u200b',
      '\ufe0f',
      '\ud800',
      'name',
      'http',
      'www',
    ),
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

describe('quoting what a customer typed', () => {
  test.each([
    'budi_santoso@example.com',
    'a_b_c@x.id',
    'a.b-c+d@sub.example.co.id',
    'Jl. Mawar No. 1-2 RT 01/02',
    'Jl. Melati (belakang masjid), Blok C/12 #3',
    "Siti Nur'aini, S.Pd.",
    'José Pérez',
    '王小明',
    '-6.2, 106.8',
    'Budi 😀',
    'keluarga 👨‍👩‍👧 ❤️‍🔥 👩🏽‍💻 1️⃣',
  ])('%s stays as it is', (text) => expect(quote(text)).toBe(text));

  test.each([
    ['*tebal*', '∗tebal∗'],
    ['_miring_', 'ˍmiringˍ'],
    ['~coret~', '∼coret∼'],
    ['```kode``` `x`', 'ˋˋˋkodeˋˋˋ ˋxˋ'],
    ['*_~semua~_*', '∗ˍ∼semua∼ˍ∗'],
    ['a_*b*_c', 'aˍ∗b∗ˍc'],
    ['é_b_é', 'éˍbˍé'],
    ['Halo {name}, {var1}', 'Halo (name), (var1)'],
    ['> kutipan', '› kutipan'],
    ['- satu', '– satu'],
    ['* satu', '∗ satu'],
    ['1. satu', '1․ satu'],
    ['  Jl. Mawar\r\n\r\n\tRT 01\u2028RW 02 ', 'Jl. Mawar RT 01 RW 02'],
    ['satu\n- dua\n> tiga', 'satu - dua > tiga'],
    ['Bu\u200bdi\u202e \u2066San\ufeffto\u0000so', 'Budi Santoso'],
    ['a\u200db', 'ab'],
    ['*\u200bx\u200b*', '∗x∗'],
    ['rusak \ud83d!', 'rusak \ufffd!'],
    ['', ''],
  ])('%j becomes %j', (text, quoted) => expect(quote(text)).toBe(quoted));

  test('property: neither markup nor variables nor unseen characters are left, and it is one line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const quoted = quote(text);
        expect(quoted).not.toMatch(FORMATTED);
        expect(quoted).not.toMatch(/[{}]/);
        expect(quoted).not.toMatch(UNSEEN);
        expect(quoted).not.toMatch(/^\s|\s$|\s\s|[^\S ]/u);
        expect(quoted).not.toMatch(/^(?:>|[-*] |\d+\. )/);
      }),
      { numRuns: 2000 },
    );
  });

  test('property: two quoted texts on one line, and our own bold around one, form nothing new', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        expect(`${quote(one)} – ${quote(other)}`).not.toMatch(FORMATTED);
        const inside = `*${quote(one)}*`.slice(1, -1);
        expect(inside).not.toMatch(/[*](?![A-Za-z0-9])|(?<![A-Za-z0-9])[*]/);
      }),
      { numRuns: 1000 },
    );
  });

  test('property: quoting twice is quoting once', () => {
    fc.assert(
      fc.property(anyText, (text) => expect(quote(quote(text))).toBe(quote(text))),
      { numRuns: 1000 },
    );
  });

  test('property: plain words come out as they went in', () => {
    const words = fc.array(fc.stringMatching(/^[A-Za-z][A-Za-z0-9,/()@]{0,9}$/), { minLength: 1 });
    fc.assert(fc.property(words, (some) => expect(quote(some.join(' '))).toBe(some.join(' '))));
  });

  test('a very long text takes no long time', () => {
    const started = performance.now();
    for (const piece of ['*', ' ', '{', '_a', '\u200d', '😀\u200d', '1', '\u0301'])
      quote(piece.repeat(300_000));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('the name in the OTP message', () => {
  test.each([
    'Budi Santoso',
    'Sukarno',
    "Siti Nur'aini",
    'Siti Nur’aini',
    "'Aisyah binti Umar",
    'Anne-Marie Tan',
    'H. Ahmad Dahlan, Lc.',
    'José Pérez',
    'Jose\u0301 Pe\u0301rez',
    '王小明',
    'محمد علي',
    'தமிழ் செல்வி',
  ])('%s stays as it is', (name) => expect(otpName(name)).toBe(name));

  test.each([
    ['Dr.Andi', 'Dr. Andi'],
    ['bit.ly', 'bit. ly'],
    ['https://evil.example/x', 'evil. example x'],
    ['WWW.evil.id', 'evil. id'],
    ['Budi hubungi 081200000001', 'Budi hubungi'],
    ['*Budi* {name}', 'Budi name'],
    ['Budi 😀 Santoso', 'Budi Santoso'],
    ['Budi\nSantoso', 'Budi Santoso'],
    ['ht\u200btp evil', 'evil'],
    ['x \u0301http evil', 'x evil'],
    ['٠١٢ ４５ Ⅻ', 'Pelanggan'],
    ['12345', 'Pelanggan'],
    ['-.,', 'Pelanggan'],
    ["'", 'Pelanggan'],
    ['\u0301\u0301', 'Pelanggan'],
    ['', 'Pelanggan'],
    ['http https www', 'Pelanggan'],
    [`${'a'.repeat(50)}`, 'a'.repeat(40)],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
    [`${'a'.repeat(35)} httpx`, 'a'.repeat(35)],
    ['𐐀'.repeat(50), '𐐀'.repeat(40)],
  ])('%j becomes %j', (name, shown) => expect(otpName(name)).toBe(shown));

  test('property: only letters and the signs of names, at most 40, and nothing like a link', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const shown = otpName(name);
        expect(shown).toMatch(/^[\p{L}\p{M} .'’,-]+$/u);
        expect(shown).toMatch(/\p{L}/u);
        expect(Array.from(shown).length).toBeLessThanOrEqual(40);
        expect(shown).not.toMatch(/\.[\p{L}\p{M}]/u);
        expect(shown).not.toMatch(/\b(?:https?|www)\b/i);
        expect(shown).toBe(shown.trim());
        expect(otpName(shown)).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });
});
