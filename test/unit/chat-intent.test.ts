/** What a customer wants, whatever the word is dressed in. */
import fc from 'fast-check';
import { isCommand, plainWords, readIntent, type Intent } from '../../src/chat/intent';

const WORDS: [string, Intent][] = [
  ['daftar', 'start'],
  ['mulai', 'start'],
  ['batal', 'cancel'],
  ['kembali', 'back'],
  ['kirim ulang', 'resend'],
  ['bantuan', 'help'],
  ['menu', 'help'],
  ['help', 'help'],
  ['status', 'status'],
  ['cs', 'staff'],
  ['ya', 'yes'],
  ['lewati', 'skip'],
  ['terima kasih', 'thanks'],
];

describe('a word of the chat', () => {
  test.each(WORDS)('%s means %s', (word, intent) => {
    expect(readIntent(word)).toBe(intent);
    expect(readIntent(word.toUpperCase())).toBe(intent);
  });

  const AROUND = [
    ' ',
    '\n',
    '\t',
    '*',
    '_',
    '~',
    '```',
    '"',
    '“',
    '”',
    '(',
    ')',
    '!',
    '.',
    '…',
    ',',
    '?',
    '-',
    '>',
  ];
  const EMOJI = ['👋', '🙏🏽', '👨‍👩‍👧', '❤️', '🇮🇩', '✅'];
  const UNSEEN = ['\u200B', '\u200E', '\u202E', '\u2066', '\uFEFF', '\u00A0', '\uD83D'];

  test('forgives case, blanks, punctuation, emoji and markup around it', () => {
    const dress = fc.array(fc.constantFrom(...AROUND, ...EMOJI, ...UNSEEN), { maxLength: 5 });
    const gap = fc.constantFrom(' ', '   ', '\n', '-', ' * ');
    const cased = (word: string) =>
      fc
        .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
        .map((upper) => [...word].map((c, i) => (upper[i] ? c.toUpperCase() : c)).join(''));
    const dressed = fc.constantFrom(...WORDS).chain(([word, intent]) =>
      fc.tuple(dress, cased(word), gap, dress).map(([before, typed, between, after]) => ({
        text: before.join('') + typed.replace(' ', between) + after.join(''),
        intent,
      })),
    );
    fc.assert(
      fc.property(dressed, ({ text, intent }) => {
        expect(readIntent(text)).toBe(intent);
      }),
    );
  });

  test('is read in full-width and styled letters too', () => {
    expect(readIntent('ＤＡＦＴＡＲ')).toBe('start');
    expect(readIntent('𝗕𝗔𝗧𝗔𝗟')).toBe('cancel');
  });

  test.each([
    'mau daftar',
    'daftarkan saya',
    'batalkan',
    'ya, saya mau',
    'status saya apa?',
    'css',
    'kirimulangkan',
  ])('is not read into a sentence: %s', (text) => {
    expect(readIntent(text)).toBeNull();
  });
});

describe('a text without words', () => {
  test.each(['👍', '🙏🏽', '❤️', '👍👍', ' 😊 ', '🇮🇩'])('of emoji is thanks: %s', (text) => {
    expect(readIntent(text)).toBe('thanks');
  });

  test.each(['', '  ', '?', '...', '-', '!!', '()'])('of punctuation says nothing: "%s"', (text) => {
    expect(readIntent(text)).toBeNull();
  });
});

test('only words that mean something everywhere are commands', () => {
  expect(WORDS.map(([, intent]) => intent).filter((intent) => !isCommand(intent))).toEqual([
    'yes',
    'skip',
    'thanks',
  ]);
  expect(isCommand(null)).toBe(false);
});

test('any text at all is read without an error', () => {
  const lone = fc.constantFrom('\uD800', '\uDC00', '\0', '\u202E');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(lone).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (typed) => {
      readIntent(typed);
      expect(plainWords(plainWords(typed))).toBe(plainWords(typed));
    }),
  );
});
