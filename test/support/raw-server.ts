/**
 * A bare TCP server on loopback, for what no HTTP server would do. Promise: close() leaves no socket behind.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';

export type RawServer = Awaited<ReturnType<typeof startRawServer>>;

/** Calls `onData` for what arrives on a connection; answers nothing by itself. */
export async function startRawServer(onData: (socket: Socket, data: Buffer) => void, scheme = 'http') {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => onData(socket, data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    async close(): Promise<void> {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
