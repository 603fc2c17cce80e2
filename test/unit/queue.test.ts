import { createQueue } from '../../src/admin/queue';

/** Work that ends when it is told to. */
function piece() {
  let end!: (how?: Error) => void;
  const done = new Promise<void>((resolve, reject) => {
    end = (how) => (how ? reject(how) : resolve());
  });
  const work = jest.fn(() => done.then(() => 'done'));
  return { work, end };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a few pieces run at once, the others in their order, whatever becomes of those before', async () => {
  const queue = createQueue(2, 10);
  const pieces = [piece(), piece(), piece(), piece()] as const;
  const results = pieces.map(({ work }) => queue.run(work).catch((error: Error) => error.message));
  const begun = () => pieces.map(({ work }) => work.mock.calls.length).join('');
  await turn();
  expect(begun()).toBe('1100');
  pieces[1].end(new Error('broken'));
  await turn();
  expect(begun()).toBe('1110');
  pieces[0].end();
  await turn();
  expect(begun()).toBe('1111');
  pieces[2].end();
  pieces[3].end();
  expect(await Promise.all(results)).toEqual(['done', 'broken', 'done', 'done']);

  const more = [piece(), piece(), piece()] as const;
  more.forEach(({ work }) => void queue.run(work));
  await turn();
  expect(more.map(({ work }) => work.mock.calls.length)).toEqual([1, 1, 0]);
  more.forEach(({ end }) => end());
});

test('where too many wait, one more is turned away at once', async () => {
  const queue = createQueue(1, 1);
  const [first, second] = [piece(), piece()];
  const results = [queue.run(first.work), queue.run(second.work)];
  expect(await queue.run(() => Promise.resolve('never'))).toBeNull();
  first.end();
  second.end();
  expect(await Promise.all(results)).toEqual(['done', 'done']);
});
