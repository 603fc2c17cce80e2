/** A bug in our own code costs one message its answer, and is told to a person; nothing else stops. */
import { questions } from '../../src/messages/id/chat';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { asks, chatAt, finish, phones, says, stepOf } from '../support/chat-journey';

const nextPhone = phones(40);
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => daftar.close());

const failWhenAsking = (question: keyof typeof questions) =>
  jest.spyOn(questions, question).mockImplementationOnce(() => {
    throw new TypeError('a bug of ours');
  });

const keptOf = (phone: string) =>
  rows<{ outcome: string; reason: string | null; text: string | null }>(
    daftar.service,
    'SELECT * FROM inbound_messages WHERE phone = ? ORDER BY id',
    phone,
  );

describe('a message that our own code cannot handle', () => {
  test('is kept with its error, answered 200 and told to a person; the next one is answered', async () => {
    const chat = await chatAt(daftar, 'address', nextPhone());
    const answered = chat.received().length;
    failWhenAsking('city');

    const answer = await daftar.webhook({ sender: chat.phone, message: 'Jl. Mawar No. 12' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ success: true, data: { outcome: 'failed' } });
    await daftar.settle();
    expect(chat.received()).toHaveLength(answered);
    expect(keptOf(chat.phone).at(-1)).toMatchObject({
      outcome: 'failed',
      reason: 'TypeError: a bug of ours',
      text: 'Jl. Mawar No. 12',
    });
    const alerts = daftar.logs.filter((line) => line.includes('"alert":"message_failed"'));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).not.toContain(chat.phone);
    expect(alerts[0]).not.toContain('Mawar');
    const { values } = await daftar.service.metrics.chatTurns.get();
    expect(values).toContainEqual(expect.objectContaining({ labels: { outcome: 'failed' }, value: 1 }));

    // Nothing of the broken turn stands: the answer is asked for again.
    expect(stepOf(daftar, chat.phone)).toBe('address');
    expect(await says(daftar, chat, 'Jl. Melati No. 13')).toContain(asks('city'));
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test('is not tried again when the gateway repeats it', async () => {
    const chat = await chatAt(daftar, 'address', nextPhone());
    const fields = { sender: chat.phone, message: 'Jl. Mawar No. 12', inboxid: 950_001 };
    const broken = failWhenAsking('city');
    expect((await daftar.webhook(fields)).body).toMatchObject({ data: { outcome: 'failed' } });
    expect((await daftar.webhook(fields)).body).toMatchObject({ data: { outcome: 'repeated' } });
    expect(broken).toHaveBeenCalledTimes(1);
    expect(keptOf(chat.phone).filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
  });

  test('does not keep the code that was typed', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    failWhenAsking('email');
    const typed = `ini ya ${chat.lastCode()} kak`;
    expect((await daftar.webhook({ sender: chat.phone, message: typed })).body).toMatchObject({
      data: { outcome: 'failed' },
    });
    expect(keptOf(chat.phone).at(-1)).toMatchObject({ outcome: 'failed', text: 'ini ya •••••• kak' });
    failWhenAsking('otp');
    await daftar.webhook({ sender: chat.phone, message: `${chat.lastCode()} 99` });
    expect(keptOf(chat.phone).at(-1)).toMatchObject({ outcome: 'failed', text: '••••••' });
    // The code was not used up by the turn that never was.
    expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
  });

  test('is erased with the form it was meant for', async () => {
    const chat = await chatAt(daftar, 'address', nextPhone());
    failWhenAsking('city');
    await chat.sends({ message: 'Gang Buntu Nomor 99' });
    await says(daftar, chat, 'BATAL');
    for (const { text } of keptOf(chat.phone)) expect(text).toBeNull();
  });

  test('does not hold up another customer', async () => {
    const [broken, well] = [
      await chatAt(daftar, 'address', nextPhone()),
      await chatAt(daftar, 'address', nextPhone()),
    ];
    failWhenAsking('city');
    const [first] = await Promise.all([
      daftar.webhook({ sender: broken.phone, message: 'Jl. Mawar No. 12' }),
      daftar.webhook({ sender: well.phone, message: 'Jl. Mawar No. 12' }),
    ]);
    expect(first.body).toMatchObject({ data: { outcome: 'failed' } });
    await daftar.settle();
    expect(well.received().at(-1)).toContain(asks('city'));
  });
});

describe('when nothing can be stored', () => {
  test('the gateway is told to come again: 503', async () => {
    const own = await startDaftar();
    await own.service.database.unitOfWork.close();
    const answer = await own.webhook({ sender: nextPhone(), message: 'DAFTAR' });
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ success: false, code: 'SERVICE_UNAVAILABLE' });
    await own.close();
  });
});
