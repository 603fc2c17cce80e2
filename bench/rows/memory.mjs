// Resident memory after 100,000 chats against after the first 1,000: does anything stay behind per chat?
import { MESSAGES, PACED, startDaftar } from '../support/daftar.mjs';
import { rssMb } from '../support/process.mjs';

const FIRST = 1_000;
const MORE = [9_000, 40_000, 50_000];

export async function memory(bench) {
  const { port } = await bench.otherSide.ask('gateway');
  const program = await startDaftar(bench.newFile(), port, PACED);
  const chatTo = async (chats) => {
    const greetings = { messages: chats, words: 1, firstChat: bench.newChats() };
    const options = { port: program.port, path: MESSAGES, connections: 64 };
    await bench.otherSide.ask('closedTurns', { ...options, ...greetings });
    return rssMb(program);
  };
  const after = [await chatTo(FIRST)];
  for (const chats of MORE) after.push(await chatTo(chats));
  await program.stop();
  const note = `MB after 1,000, 10,000, 50,000, 100,000 chats: ${after.map(Math.round).join(', ')}`;
  return [
    {
      row: 'resident MB, 100,000 chats against 1,000',
      ours: after.at(-1),
      bare: after[0],
      aim: 'flat',
      note,
    },
  ];
}
