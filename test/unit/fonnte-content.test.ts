/**
 * What was written, in Fonnte's webhook payloads: text, place, or something we do not read. Promise checked at the
 * end: whatever comes, parseIncoming gives a well-formed message or null.
 */
import fc from 'fast-check';
import { parseIncoming, type IncomingMessage } from '../../src/delivery/fonnte-webhooks';
import { ordinary, parse } from '../support/webhook';

describe('the content', () => {
  it('is the message as typed, blanks included', () => {
    expect(parse({ message: ' Jalan Mawar 1\nRT 2 ' }).content).toEqual({
      kind: 'text',
      text: ' Jalan Mawar 1\nRT 2 ',
    });
  });

  it('is a code that came as a number', () => {
    expect(parse({ message: 123456 }).content).toEqual({ kind: 'text', text: '123456' });
  });

  it('is a word like "null" when a customer writes it', () => {
    expect(parse({ message: 'null' }).content).toEqual({ kind: 'text', text: 'null' });
  });

  const url = 'https://files.fonnte.com/1.jpg';
  it.each([
    { message: '' },
    { message: 'non-text message' },
    { message: 'Non-Text Message ' },
    { message: '', url },
    { message: 'non-text message', filename: 'foto.jpg', extension: 'jpg' },
    { message: url, url },
    { message: { nested: 'garbage' } },
    { message: null },
    { message: false },
  ])('is media for %j', (changes) => {
    expect(parse(changes).content).toEqual({ kind: 'media' });
  });

  it('is the words under a picture', () => {
    expect(parse({ message: 'ini rumah saya', url }).content).toEqual({
      kind: 'text',
      text: 'ini rumah saya',
    });
  });

  it('is a link that somebody typed', () => {
    expect(parse({ message: url }).content).toEqual({ kind: 'text', text: url });
  });

  it('is a button, then a choice, when there is no message', () => {
    expect(parse({ message: '', text: 'YA', choices: 'B' }).content).toEqual({ kind: 'text', text: 'YA' });
    expect(parse({ message: 'non-text message', choices: 'B' }).content).toEqual({ kind: 'text', text: 'B' });
    expect(parse({ message: '', choices: ['A', 2, {}] }).content).toEqual({ kind: 'text', text: 'A, 2' });
    expect(parse({ message: 'DAFTAR', text: 'YA' }).content).toEqual({ kind: 'text', text: 'DAFTAR' });
  });

  it('is a location when there is one', () => {
    for (const location of ['-6.2,106.8', ' -6.20 , 106.8 ', '-6.2, +106.8']) {
      expect(parse({ message: 'non-text message', location }).content).toEqual({
        kind: 'location',
        latitude: -6.2,
        longitude: 106.8,
      });
    }
  });

  it.each(['', ',', '-6.2', '-6.2,', 'a,b', '91,106', '-6.2,181', '1,2,3', 'NaN,NaN', {}, 6.2])(
    'is no location for %j',
    (location) => {
      expect(parse({ location }).content).toEqual({ kind: 'text', text: 'DAFTAR' });
    },
  );

  it('is whole characters only, and at most 10,000 of them', () => {
    expect(parse({ message: 'a\ud800b' }).content).toEqual({ kind: 'text', text: 'a\ufffdb' });
    expect(parse({ message: '😀'.repeat(10_001) }).content).toEqual({
      kind: 'text',
      text: '😀'.repeat(10_000),
    });
    expect(parse({ message: 'a'.repeat(30_000) }).content).toEqual({
      kind: 'text',
      text: 'a'.repeat(10_000),
    });
    expect(parse({ message: '😀'.repeat(6_000) }).content).toEqual({
      kind: 'text',
      text: '😀'.repeat(6_000),
    });
  });
});

describe('whatever comes', () => {
  function expectWellFormed(message: IncomingMessage | null): void {
    if (message === null) return;
    expect(message.sender).not.toBe('');
    expect(message.identity).toHaveLength(9);
    expect(message.identity.every((field) => typeof field === 'string')).toBe(true);
    expect(message.inboxid ?? '1').toMatch(/^[1-9]\d*$/);
    expect(message.timestamp === null || message.timestamp > 0).toBe(true);
    expect(['text', 'location', 'media']).toContain(message.content.kind);
  }

  it('as a body is a message or null', () => {
    fc.assert(fc.property(fc.anything(), (body) => expectWellFormed(parseIncoming(body))));
  });

  it('in its fields is a message or null', () => {
    const names = [
      ...Object.keys(ordinary),
      'text',
      'member',
      'location',
      'choices',
      'url',
      'isgroup',
      'fromMe',
    ];
    const anyField = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.double(), fc.bigInt());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), anyField), (fields) => {
        expectWellFormed(parseIncoming(fields));
        expectWellFormed(parseIncoming({ ...fields, sender: '6281200000001' }));
      }),
    );
  });

  it('as a form is the same as the JSON of its strings', () => {
    fc.assert(
      fc.property(fc.record({ message: fc.string({ unit: 'grapheme' }), inboxid: fc.nat() }), (fields) => {
        const form = new URLSearchParams();
        for (const [name, value] of Object.entries({ ...ordinary, ...fields })) form.set(name, String(value));
        expect(parseIncoming(Object.fromEntries(form))).toEqual(parse(fields));
      }),
    );
  });
});
