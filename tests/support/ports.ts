import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below the ports that systems give to whoever asks for any: a client that keeps trying one of those may be connected to itself. */
const FIRST = 12_000;
const COUNT = 18_000;

/** What this process has taken, for as long as it lives. */
const taken: Server[] = [];

/** A TCP port of the loopback that is free, and that no other process of the tests takes, for programs that have to be told which. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const claim = await listen({ path: `\0veilgate-test-port-${port}` });
    const probe = claim && (await listen({ port, host: '127.0.0.1' }));
    if (!probe) {
      claim?.close();
      continue;
    }
    probe.close();
    await once(probe, 'close');
    taken.push(claim.unref());
    return port;
  }
};

/** null where the address is in use. */
const listen = async (address: { path: string } | { port: number; host: string }): Promise<Server | null> => {
  const server = createServer().listen(address);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
};
