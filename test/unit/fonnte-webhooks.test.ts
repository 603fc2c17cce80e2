/**
 * Who wrote to whom, when, and where, in Fonnte's webhook payloads: one story for each form that is known to come or
 * feared to. What was written is in fonnte-content.test.ts.
 */
import { parseIncoming } from '../../src/delivery/fonnte-webhooks';
import { ordinary, parse } from '../support/webhook';

describe('an ordinary message', () => {
  it('is read whole', () => {
    expect(parseIncoming(ordinary)).toEqual({
      device: '6280000000000',
      sender: '6281200000001',
      member: null,
      is_group: false,
      from_me: false,
      inboxid: '41',
      timestamp: 1_760_000_000_000,
      content: { kind: 'text', text: 'DAFTAR' },
      identity: ['6280000000000', '6281200000001', '', '1760000000', 'DAFTAR', '', '', '', ''],
    });
  });

  it('is the same with every number as a string and every string of digits as a number', () => {
    const asStrings = { ...ordinary, timestamp: '1760000000', inboxid: '41' };
    const asNumbers = { ...ordinary, device: 6280000000000, sender: 6281200000001 };
    expect(parseIncoming(asStrings)).toEqual(parseIncoming(ordinary));
    expect(parseIncoming(asNumbers)).toEqual(parseIncoming(ordinary));
  });

  it('needs only its sender', () => {
    expect(parseIncoming({ sender: '6281200000001' })).toEqual({
      device: null,
      sender: '6281200000001',
      member: null,
      is_group: false,
      from_me: false,
      inboxid: null,
      timestamp: null,
      content: { kind: 'media' },
      identity: ['', '6281200000001', '', '', '', '', '', '', ''],
    });
  });

  it('does not mind fields nobody knows', () => {
    expect(parse({ quick: true, type: 'text', extra: { deep: [1] } })).toEqual(parseIncoming(ordinary));
  });

  it('may have been sent by ourselves', () => {
    for (const fromMe of [true, 'true', 1, '1']) expect(parse({ fromMe }).from_me).toBe(true);
    for (const fromMe of [false, 'false', 0, '', null, {}]) expect(parse({ fromMe }).from_me).toBe(false);
  });
});

describe('the sender', () => {
  it.each([
    '+6281200000001',
    '6281200000001@s.whatsapp.net',
    '6281200000001@c.us',
    '6281200000001:7@s.whatsapp.net',
    ' 6281200000001 ',
  ])('is the phone in %j', (sender) => {
    expect(parse({ sender }).sender).toBe('6281200000001');
  });

  it('is otherwise left for others to judge', () => {
    for (const sender of ['081200000001', 'status@broadcast', '99@lid'])
      expect(parse({ sender }).sender).toBe(sender);
  });

  it.each([
    [''],
    ['  '],
    ['+'],
    ['@s.whatsapp.net'],
    [null],
    [undefined],
    [{}],
    [['6281200000001']],
    [true],
    [NaN],
  ])('cannot be %j', (sender) => {
    expect(parseIncoming({ ...ordinary, sender })).toBeNull();
  });

  it('cannot be of any length', () => {
    expect(parseIncoming({ ...ordinary, sender: '6'.repeat(5_000) })).toBeNull();
  });
});

it.each([[null], [undefined], [''], ['sender'], [7], [[]], [[ordinary]], [{}], [() => ordinary]])(
  'a body of %j is not understood',
  (body) => {
    expect(parseIncoming(body)).toBeNull();
  },
);

describe('a group', () => {
  it('shows by its sender, in the new form and the old', () => {
    for (const sender of ['120300000000000001@g.us', '6281200000001-1500000000@g.us', '1@G.US']) {
      expect(parse({ sender })).toMatchObject({ is_group: true, sender });
    }
  });

  it('shows by its member, who is named without the suffix', () => {
    expect(parse({ member: '6281200000002@s.whatsapp.net' })).toMatchObject({
      is_group: true,
      member: '6281200000002',
    });
  });

  it('shows by isgroup', () => {
    for (const isgroup of [true, 'true', 'True', 1, '1']) expect(parse({ isgroup }).is_group).toBe(true);
    expect(parse({ isGroup: true }).is_group).toBe(true);
  });

  it('is none when these say nothing', () => {
    for (const nothing of ['', ' ', null, undefined, false, 'false', 0, '0', 'null', [], {}]) {
      expect(parse({ member: nothing, isgroup: nothing })).toMatchObject({ is_group: false, member: null });
    }
  });
});

describe('inboxid', () => {
  it.each([0, '0', '', ' ', '00', -5, '-5', 1.5, 'abc', null, {}, true, 1e21, 2 ** 53])(
    'identifies nothing as %j',
    (inboxid) => {
      expect(parse({ inboxid }).inboxid).toBeNull();
    },
  );

  it.each([12, '12', ' 12 ', '0012', 12.0])('is the number twelve as %j', (inboxid) => {
    expect(parse({ inboxid }).inboxid).toBe('12');
  });
});

describe('the timestamp', () => {
  it('is in seconds, or in milliseconds when it is above 10¹²', () => {
    for (const timestamp of [1_760_000_000, '1760000000', 1_760_000_000_000, '1760000000000']) {
      expect(parse({ timestamp }).timestamp).toBe(1_760_000_000_000);
    }
    expect(parse({ timestamp: 1_760_000_000.5 }).timestamp).toBe(1_760_000_000_500);
  });

  it.each(['', ' ', 0, '0', -1, 'yesterday', '0x10', '1e9', null, {}, true, 1e20, 1e300, '9'.repeat(400)])(
    'is absent as %j',
    (timestamp) => {
      expect(parse({ timestamp }).timestamp).toBeNull();
    },
  );
});

describe('the identity', () => {
  it('is in a fixed order', () => {
    const { identity } = parse({
      member: 'm',
      location: '1,2',
      text: 't',
      choices: 'c',
      url: 'u',
      filename: 'not part of it',
    });
    expect(identity).toEqual([
      '6280000000000',
      '6281200000001',
      'm',
      '1760000000',
      'DAFTAR',
      '1,2',
      't',
      'c',
      'u',
    ]);
  });

  it('tells apart two messages that differ after their first 10,000 characters', () => {
    const [one, other] = ['x', 'y'].map((end) => parse({ message: 'a'.repeat(10_000) + end }));
    expect(one?.content).toEqual(other?.content);
    expect(one?.identity).not.toEqual(other?.identity);
  });
});
