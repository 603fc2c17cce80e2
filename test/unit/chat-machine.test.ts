/**
 * The machine's promises, whatever customers write and whatever becomes of its commands. A walk is a list of moves;
 * everything the machine asks of the world is answered by a draw of what the world might say.
 */
import fc from 'fast-check';
import { step, type ChatEvent, type Command, type Facts } from '../../src/chat/machine';
import { type Input } from '../../src/chat/parsers';
import { newChat, QUESTIONS, readState, type ChatState, type Question } from '../../src/chat/state';
import { questions, type QuestionFacts } from '../../src/messages/id/chat';
import { refuse } from '../../src/registration/refusals';
import { asks, KEYWORDS } from '../support/chat-journey';

const facts: Facts = {
  now: Date.parse('2026-11-25T03:00:00Z'),
  today: '2026-11-25',
  brand: 'Contoh Net',
  packages: [
    { id: 7, name: 'Rumah 20', type: 'broadband', speed_mbps: 20, price: 199_000, description: null },
    { id: 9, name: 'Keluarga 50', type: 'broadband', speed_mbps: 50, price: 299_000, description: null },
  ],
  scheduleText: ({ date, slot }) => `${date} ${slot}`,
};

const message = (text: string): Input => ({ kind: 'text', text });

const GOOD: Record<Question, Input[]> = {
  name: [message('Budi Santoso'), message("Siti Nur'aini")],
  otp: [message('123456'), message('kode saya *123 456*')],
  email: [message('budi@contoh.id')],
  address: [message('Jl. Mawar No. 12 RT 01/02')],
  city: [message('Bandung')],
  location: [
    message('-6.9,107.6'),
    { kind: 'location', latitude: -6.9, longitude: 107.6 },
    message('LEWATI'),
  ],
  package: [message('1'), message('keluarga 50')],
  schedule: [message('besok pagi'), message('LEWATI')],
  confirm: [message('YA')],
};

/** What the world may answer to a command; `good` is what it answers when all goes well. */
const REPLIES: Record<Command['type'], { good: ChatEvent | null; bad: (ChatEvent | null)[] }> = {
  say: { good: null, bad: [] },
  begin: { good: null, bad: [] },
  end: { good: null, bad: [] },
  callStaff: { good: null, bad: [] },
  askOtp: {
    good: { type: 'otpIssued' },
    bad: [
      { type: 'refused', refusal: refuse('OTP_COOLDOWN', { retry_after: 42 }) },
      { type: 'refused', refusal: refuse('OTP_LIMIT', { retry_after: 3_000 }) },
      { type: 'refused', refusal: refuse('WHATSAPP_UNAVAILABLE') },
    ],
  },
  checkOtp: {
    good: { type: 'otpJudged', verification_id: 3 },
    bad: [
      { type: 'refused', refusal: refuse('OTP_INVALID', { attempts_left: 3 }) },
      { type: 'refused', refusal: refuse('OTP_INVALID', { attempts_left: 0 }) },
      { type: 'refused', refusal: refuse('OTP_LOCKED', { retry_after: 80_000 }) },
      { type: 'refused', refusal: refuse('OTP_EXPIRED') },
      { type: 'refused', refusal: refuse('OTP_NOT_FOUND') },
    ],
  },
  checkEmail: {
    good: { type: 'emailChecked', email: 'budi@contoh.id', taken: false },
    bad: [{ type: 'emailChecked', email: 'budi@contoh.id', taken: true }],
  },
  submit: {
    good: {
      type: 'saved',
      full_name: 'Budi',
      registration_number: 'REG-20261125-0001',
      tracking_url: 'http://x',
    },
    bad: [
      { type: 'refused', refusal: refuse('NOT_VERIFIED') },
      { type: 'refused', refusal: refuse('PACKAGE_NOT_AVAILABLE') },
      { type: 'refused', refusal: refuse('ALREADY_REGISTERED') },
      ...[
        'full_name',
        'email',
        'address',
        'city',
        'latitude',
        'package_id',
        'preferred_time_slot',
        'other',
      ].map((field): ChatEvent => ({
        type: 'refused',
        refusal: refuse('VALIDATION_ERROR', { errors: [{ field, message: 'Mohon diperbaiki.' }] }),
      })),
      { type: 'refused', refusal: refuse('VALIDATION_ERROR') },
    ],
  },
  findStatus: {
    good: {
      type: 'statusFound',
      registrations: [{ registration_number: 'REG-20261125-0001', label: 'Disetujui', date: 'hari ini' }],
    },
    bad: [{ type: 'statusFound', registrations: [] }],
  },
};

interface Move {
  /** What the customer does: a number picks among the good answers to the question that is asked. */
  does: Input | number | 'falls silent';
  /** Picks what the world says to each command; 0 is always the good answer. */
  world: number[];
  /** Hours that pass before. */
  hours: number;
}

const WORDS = [
  'DAFTAR',
  'BATAL',
  'KEMBALI',
  'KIRIM ULANG',
  'MENU',
  'STATUS',
  'CS',
  'YA',
  'LEWATI',
  'terima kasih',
];

const move: fc.Arbitrary<Move> = fc.record({
  does: fc.oneof(
    { weight: 25, arbitrary: fc.nat(3) },
    { weight: 4, arbitrary: fc.constantFrom(...WORDS.map(message)) },
    { weight: 2, arbitrary: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '0').map(message) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme' }).map(message) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('constructor', '__proto__', 'besok constructor', 'undefined', 'null')
        .map(message),
    },
    { weight: 1, arbitrary: fc.constant<Input>({ kind: 'media' }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('location' as const),
        latitude: fc.double(),
        longitude: fc.double(),
      }),
    },
    { weight: 1, arbitrary: fc.constant('falls silent' as const) },
  ),
  world: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(20)), {
    minLength: 3,
    maxLength: 3,
  }),
  hours: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(1, 13)),
});
const walk = fc.array(move, { maxLength: 50, size: 'max' });

interface Turn {
  before: ChatState;
  after: ChatState;
  input: Input | null;
  said: string[];
  commands: Command[];
  now: number;
}

/** One event to its very end: every command is answered, and what it leads to as well. */
function drive(before: ChatState, first: ChatEvent, now: number, world: number[]): Omit<Turn, 'input'> {
  const waiting = [first];
  const commands: Command[] = [];
  let after = before;
  for (let event = waiting.shift(); event; event = waiting.shift()) {
    const next = step(after, event, { ...facts, now });
    after = next.state;
    for (const command of next.commands) {
      const { good, bad } = REPLIES[command.type];
      const replies = [good, ...bad];
      const reply = replies[(world[commands.length] ?? 0) % replies.length];
      commands.push(command);
      if (reply)
        waiting.push(
          command.type === 'checkEmail' ? ({ ...reply, email: command.email } as ChatEvent) : reply,
        );
    }
    if (commands.length > 10) throw new Error('The machine asks the world without end');
  }
  const said = commands.flatMap((command) => (command.type === 'say' ? [command.text] : []));
  return { before, after, said, commands, now };
}

function turns(moves: readonly Move[]): Turn[] {
  const all: Turn[] = [];
  let state = newChat;
  let now = facts.now;
  for (const { does, world, hours } of moves) {
    now += hours * 3_600_000;
    if (does === 'falls silent') {
      if (state.step === 'idle') continue;
      all.push({ ...drive(state, { type: 'expired' }, now, world), input: null });
    } else {
      const good = state.step === 'idle' ? [message('DAFTAR')] : GOOD[state.step];
      const input = typeof does === 'number' ? good[does % good.length]! : does;
      all.push({ ...drive(state, { type: 'message', input }, now, world), input });
    }
    state = all.at(-1)!.after;
  }
  return all;
}

const inEveryTurn = (check: (turn: Turn) => void) =>
  fc.assert(
    fc.property(walk, (moves) => {
      for (const turn of turns(moves)) check(turn);
    }),
    { numRuns: 80 },
  );

const typed = (input: Input | null) => (input?.kind === 'text' ? input.text : null);
const isSilent = ({ before, now }: Turn) => before.silent_until !== null && now < before.silent_until;
const has = (turn: Turn, type: Command['type']) => turn.commands.some((command) => command.type === type);

describe('whatever is written, and whatever comes of it', () => {
  test('each message is answered exactly once; never while a person of ours has the word', () => {
    inEveryTurn((turn) => {
      const wakes = ['DAFTAR', 'MENU'].includes(typed(turn.input) ?? '');
      if (turn.input === null) expect(turn.said).toHaveLength(0);
      else if (isSilent(turn) && !wakes) {
        expect(turn.commands).toEqual([]);
        expect(turn.after).toEqual(turn.before);
      } else expect(turn.said).toHaveLength(1);
    });
  });

  test('an answer is never empty, nor too long for WhatsApp, nor broken', () => {
    inEveryTurn(({ said, after }) => {
      const { full_name, address, city } = after.answers;
      for (const text of said) {
        expect(text.trim()).not.toBe('');
        expect(text.length).toBeLessThan(4_000);
        const ours = [full_name, address, city].reduce<string>(
          (rest, typed) => (typed ? rest.replaceAll(typed, '') : rest),
          text,
        );
        expect(ours).not.toMatch(/undefined|null|NaN|\[object/);
      }
    });
  });

  test('the question that is open is asked again, with its keyword', () => {
    inEveryTurn((turn) => {
      const [said] = turn.said;
      if (said === undefined || turn.after.step === 'idle' || has(turn, 'callStaff')) return;
      expect(said).toContain(asks(turn.after.step));
    });
  });

  test('no answer is lost but by ending the form, and none changes but the one that was asked for', () => {
    const filledBy: Partial<Record<Question, string>> = {
      name: 'full_name',
      email: 'email',
      address: 'address',
      city: 'city',
      location: 'location',
      package: 'package_id',
      schedule: 'schedule',
    };
    inEveryTurn((turn) => {
      const { before, after } = turn;
      if (has(turn, 'end') || has(turn, 'begin') || after.step === 'idle') return;
      const asked = before.step === 'idle' ? undefined : filledBy[before.step];
      for (const [name, answer] of Object.entries(before.answers)) {
        expect(after.answers).toHaveProperty(name);
        if (name !== asked) expect(after.answers).toHaveProperty(name, answer);
      }
    });
  });

  test('a number once verified stays verified, until the form ends or its proof is refused', () => {
    inEveryTurn((turn) => {
      const { before, after } = turn;
      if (before.verification_id === null || after.verification_id !== null) return;
      expect(after.step === 'idle' || has(turn, 'begin') || has(turn, 'submit')).toBe(true);
    });
  });

  test('only what can be changed from the summary is ever changed from there', () => {
    inEveryTurn(({ after }) => {
      if (after.editing) expect(['idle', 'otp', 'confirm']).not.toContain(after.step);
    });
  });

  test('a form that ends leaves nothing behind', () => {
    inEveryTurn((turn) => {
      if (turn.after.step !== 'idle') return;
      expect(turn.after.answers).toEqual({});
      expect(turn.after.verification_id).toBeNull();
      expect(turn.after.editing).toBe(false);
    });
  });

  test('only a whole form of a verified number is submitted', () => {
    inEveryTurn(({ commands }) => {
      for (const command of commands) {
        if (command.type !== 'submit') continue;
        expect(command.verification_id).toBe(3);
        const { full_name, email, address, city, package_id } = command.answers;
        for (const answer of [full_name, email, address, city, package_id]) expect(answer).toBeTruthy();
      }
    });
  });

  test('the state comes back from its JSON as it was', () => {
    inEveryTurn(({ after }) => {
      expect(readState(JSON.stringify(after))).toEqual(after);
    });
  });

  test('the same state and event always give the same', () => {
    inEveryTurn(({ before, input, now }) => {
      if (!input) return;
      const event: ChatEvent = { type: 'message', input };
      const frozen = JSON.stringify(before);
      expect(step(before, event, { ...facts, now })).toEqual(step(before, event, { ...facts, now }));
      expect(JSON.stringify(before)).toBe(frozen);
    });
  });

  test('from wherever it is, the chat can be brought to its end, or given up', () => {
    fc.assert(
      fc.property(walk, (moves) => {
        const last = turns(moves).at(-1);
        const now = last?.now ?? facts.now;
        const say = (state: ChatState, input: Input) => drive(state, { type: 'message', input }, now, []);

        let turn = say(last?.after ?? newChat, message('DAFTAR'));
        for (let asked = 0; turn.after.step !== 'idle'; asked += 1) {
          if (asked > 12) throw new Error(`No end from ${JSON.stringify(last?.after)}`);
          turn = say(turn.after, GOOD[turn.after.step][0]!);
        }
        expect(turn.said[0]).toContain('REG-20261125-0001');

        const awake = say(last?.after ?? newChat, message('MENU')).after;
        expect(say(awake, message('BATAL')).after.step).toBe('idle');
      }),
      { numRuns: 80 },
    );
  });

  test('the walks really go everywhere', () => {
    const seen = new Set<string>();
    for (const moves of fc.sample(walk, { numRuns: 300, seed: 1 }))
      for (const { after, commands } of turns(moves)) {
        seen.add(after.editing ? `editing ${after.step}` : after.step);
        for (const { type } of commands) seen.add(type);
      }
    expect([...seen]).toEqual(expect.arrayContaining(['idle', ...QUESTIONS, ...Object.keys(REPLIES)]));
    expect([...seen]).toEqual(
      expect.arrayContaining(
        QUESTIONS.filter((one) => one !== 'otp' && one !== 'confirm').map((one) => `editing ${one}`),
      ),
    );
  });
});

test('the summary takes its own numbers, YA, and nothing that only looks like them', () => {
  const answers = {
    full_name: 'Budi',
    email: 'a@b.id',
    address: 'Jl. Mawar 12',
    city: 'Bandung',
    package_id: 7,
  };
  const state: ChatState = { ...newChat, step: 'confirm', answers, verification_id: 3 };
  const after = (text: string) =>
    drive(state, { type: 'message', input: message(text) }, facts.now, []).after;
  const opened = ['1', '2', '3', '4', '5', '6', '7'].map((number) => after(number).step);
  expect(opened).toEqual(['name', 'email', 'address', 'city', 'location', 'package', 'schedule']);
  for (const text of [
    '0',
    '8',
    '9',
    '10',
    '1 2',
    'undefined',
    'null',
    'NaN',
    'otp',
    '?',
    'ya tapi nanti',
    'ok',
  ])
    expect(after(text)).toEqual(state);
  expect(after('*Ya!*').step).toBe('idle');
});

describe('a form that ran out of time', () => {
  const lapsed = drive(
    { ...newChat, step: 'city', silent_until: null },
    { type: 'expired' },
    facts.now,
    [],
  ).after;

  test('is started over by the next message, politely', () => {
    const { after, said } = drive(lapsed, { type: 'message', input: message('Bandung') }, facts.now, []);
    expect(after.step).toBe('name');
    expect(said[0]).toContain('mulai lagi');
    expect(said[0]).toContain(asks('name'));
  });

  test('does not take the word from a person of ours', () => {
    const silent_until = facts.now + 3_600_000;
    const { after } = drive({ ...newChat, step: 'city', silent_until }, { type: 'expired' }, facts.now, []);
    expect(drive(after, { type: 'message', input: message('Halo?') }, facts.now, []).said).toEqual([]);
  });
});

describe('a stored state', () => {
  test.each([
    ['of another version', { ...newChat, version: 2, step: 'city' }],
    ['with a step nobody knows', { ...newChat, step: 'payment' }],
    ['without its answers', { version: 1, step: 'city' }],
    ['that is a list', []],
    ['that is null', null],
  ])('%s starts over', (_name, stored) => {
    expect(readState(JSON.stringify(stored))).toMatchObject({ version: 1, step: 'idle', answers: {} });
  });

  test('that is no JSON starts over', () => {
    expect(readState('{"version":1,')).toMatchObject({ step: 'idle' });
    expect(readState('')).toMatchObject({ step: 'idle' });
  });
});

describe('each question', () => {
  const questionFacts: QuestionFacts = {
    packages: facts.packages,
    summary: {
      full_name: 'Budi',
      email: 'budi@contoh.id',
      address: 'Jl. Mawar 12',
      city: 'Bandung',
      location: null,
      package: facts.packages[0],
      schedule: null,
    },
  };
  const textOf = (question: Question) => questions[question](questionFacts);

  test.each(QUESTIONS)('%s has its keyword in bold, and no other keyword', (question) => {
    expect(textOf(question)).toContain(asks(question));
    const others = QUESTIONS.filter((other) => other !== question);
    for (const other of others) expect(textOf(question)).not.toContain(asks(other));
    // The summary names every answer.
    if (question === 'confirm') return;
    for (const other of others)
      expect(textOf(question).toLowerCase()).not.toContain(KEYWORDS[other].toLowerCase());
  });

  test('of packages has its keyword when there are none', () => {
    expect(questions.package({ ...questionFacts, packages: [] })).toContain(asks('package'));
  });
});
