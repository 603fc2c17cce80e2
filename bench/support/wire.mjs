// HTTP/1.1 by hand, over plain sockets: the load must cost far less than what it measures, and a real client or
// server library costs as much as the bare baseline itself.
import { connect as connectSocket, createServer } from 'node:net';

/** Calls back with (head, body) for each whole message; a message without Content-Length has no body. */
function createParser(onMessage) {
  let rest = null;
  return (chunk) => {
    let data = rest ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      const headEnd = data.indexOf('\r\n\r\n');
      if (headEnd < 0) break;
      const head = data.latin1Slice(0, headEnd);
      const bodyEnd = headEnd + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (data.length < bodyEnd) break;
      onMessage(head, data.utf8Slice(headEnd + 4, bodyEnd));
      data = data.subarray(bodyEnd);
    }
    rest = data.length > 0 ? data : null;
  };
}

/** One kept-alive connection, one request at a time: `post(path, json)` resolves with { status, body }. */
export function connect(port) {
  const socket = connectSocket(port, '127.0.0.1').setNoDelay();
  let answered = null;
  let failed = null;
  socket.on('error', (error) => failed?.(error));
  socket.on('close', () => failed?.(new Error('the server closed the connection')));
  socket.on(
    'data',
    createParser((head, body) => answered({ status: Number(head.slice(9, 12)), body })),
  );
  return {
    post: (path, json) =>
      new Promise((resolve, reject) => {
        answered = resolve;
        failed = reject;
        const body = JSON.stringify(json);
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
            `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      }),
    close: () => {
      failed = null;
      socket.destroy();
    },
  };
}

/** A server that gives each request's body to `answer(body, send)`; `send(json text)` answers 200. */
export function listen(answer) {
  const server = createServer((socket) => {
    socket.setNoDelay();
    socket.on('error', () => undefined);
    const send = (body) =>
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    socket.on(
      'data',
      createParser((_head, body) => answer(body, send)),
    );
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port })),
  );
}
