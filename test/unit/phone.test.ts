import fc from 'fast-check';
import { phoneProblems } from '../../src/messages/id/fields';
import { maskName } from '../../src/registration/mask';
import { isMobile, maskPhone, normalisePhone } from '../../src/registration/phone';

const problemOf = (input: unknown) => {
  const result = normalisePhone(input);
  return result.ok ? `accepted as ${result.phone}` : result.problem;
};

const rest = fc.stringMatching(/^[0-9]{8,11}$/);

describe('a customer types a phone number', () => {
  test.each(['081200000001', '6281200000001', '+6281200000001', '  081200000001\n', '\u00a0+6281200000001 '])(
    '%j is understood',
    (typed) => expect(normalisePhone(typed)).toEqual({ ok: true, phone: '6281200000001' }),
  );

  test.each([
    ['62812000000', '62812000000'.length, true],
    ['628120000000', 12, true],
    ['62812000000001', 14, true],
  ])('%s of %i digits is a mobile number', (typed) => {
    expect(normalisePhone(typed)).toEqual({ ok: true, phone: typed });
  });

  test.each<[unknown, string]>([
    [6281200000001, 'not_text'],
    [undefined, 'not_text'],
    [['081200000001'], 'not_text'],
    ['', 'empty'],
    ['  ', 'empty'],
    ['08120000TEST', 'letters'],
    ['0812OOOO001', 'letters'],
    ['٠٨١٢٠٠٠٠٠٠٠١', 'foreign_digits'],
    ['０８１２００００００１', 'foreign_digits'],
    ['0812-0000-0001', 'separators'],
    ['0812 0000 0001', 'separators'],
    ['0812.0000.0001', 'separators'],
    ['(0812)00000001', 'separators'],
    ['62+81200000001', 'separators'],
    ['++6281200000001', 'separators'],
    ['0812\u200b00000001', 'characters'],
    ['081200000001📱', 'characters'],
    ['81200000001', 'missing_prefix'],
    ['+081200000001', 'missing_prefix'],
    ['006281200000001', 'missing_prefix'],
    ['62081200000001', 'extra_zero'],
    ['+62081200000001', 'extra_zero'],
    ['0215550000', 'landline'],
    ['62215550000', 'landline'],
    ['+81200000001', 'foreign'],
    ['+15550000001', 'foreign'],
    ['60120000001', 'foreign'],
    ['0060120000001', 'foreign'],
    ['081200000', 'too_short'],
    ['081', 'too_short'],
    ['0812000000001234', 'too_long'],
    [`0812${'0'.repeat(1_000_000)}`, 'too_long'],
  ])('%j is refused as %s', (typed, problem) => expect(problemOf(typed)).toBe(problem));

  test('both ends of the allowed length are exact', () => {
    for (const digits of [8, 9, 10, 11]) expect(problemOf(`08${'0'.repeat(digits)}`)).toMatch(/^accepted/);
    expect(problemOf(`08${'0'.repeat(7)}`)).toBe('too_short');
    expect(problemOf(`08${'0'.repeat(12)}`)).toBe('too_long');
  });

  test('each refusal has words of its own', () => {
    const texts = Object.values(phoneProblems);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('property: all three forms mean the same number, and normalising it again changes nothing', () => {
    fc.assert(
      fc.property(rest, fc.constantFrom('08', '628', '+628'), (digits, prefix) => {
        const result = normalisePhone(prefix + digits);
        expect(result).toEqual({ ok: true, phone: `628${digits}` });
        expect(normalisePhone(`628${digits}`)).toEqual(result);
        expect(isMobile(`628${digits}`)).toBe(true);
      }),
    );
  });

  test('property: whatever comes in, only mobile numbers come out', () => {
    const almost = fc.stringMatching(/^[+0-9 .-]{0,16}$/);
    fc.assert(
      fc.property(fc.oneof(fc.anything(), almost, fc.string({ unit: 'binary' })), (input) => {
        const result = normalisePhone(input);
        if (result.ok) expect(isMobile(result.phone)).toBe(true);
        else expect(phoneProblems[result.problem]).toBeTruthy();
      }),
      { numRuns: 1000 },
    );
  });
});

test('isMobile knows the stored form only', () => {
  expect(isMobile('6281200000001')).toBe(true);
  for (const other of ['081200000001', '+6281200000001', '6281200000001\n', '62215550000', '']) {
    expect(isMobile(other)).toBe(false);
  }
});

describe('masking', () => {
  test('a phone keeps its first five and last four digits', () => {
    expect(maskPhone('6281234567890')).toBe('62812****7890');
  });

  test.each(['', '1', '1234567890', '📱📱📱'])('%j is too short to show any of it', (text) => {
    expect(maskPhone(text)).toBe('****');
  });

  test('property: the middle of a phone never shows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const masked = maskPhone(text);
        const characters = Array.from(text);
        expect(masked).toBe(
          characters.length > 10
            ? `${characters.slice(0, 5).join('')}****${characters.slice(-4).join('')}`
            : '****',
        );
      }),
    );
  });

  test.each([
    ['Budi Santoso', 'B*** S******'],
    ['  Budi \n  Santoso ', 'B*** S******'],
    ["'Aisyah", '*A*****'],
    ['Sukarno', 'S******'],
    ['𝐁udi 😀 3', '𝐁*** * *'],
    ['', ''],
  ])('the name %j becomes %j', (name, masked) => expect(maskName(name)).toBe(masked));

  test('property: of each word one letter shows at most', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        for (const word of maskName(name).split(' ')) {
          expect(Array.from(word).filter((character) => character !== '*').length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
