import { createServer } from 'node:http';

/** node:http and JSON.parse; `answer(url, body, send)`. Says its port on standard output. */
export function serve(answer) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      answer(request.url, JSON.parse(Buffer.concat(chunks)), (json) => response.end(json));
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`);
  });
}
