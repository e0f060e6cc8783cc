import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Headers } from '../../src/rtsp/wire/headers.js';
import { formatResponse, makeResponse, type RtspRequest } from '../../src/rtsp/wire/message.js';
import { RtspParser } from '../../src/rtsp/wire/parser.js';

/** One connection of a client to a {@link ScriptedRtsp}. */
export interface ScriptedConnection {
  readonly socket: Socket;
  /** Answers a request. */
  reply(
    request: RtspRequest,
    status?: number,
    headers?: Readonly<Record<string, string | number | undefined>>,
    body?: string,
  ): void;
  /** Sends an interleaved frame. */
  frame(channel: number, payload: Buffer): void;
}

/** What the server does with a request; anything but true leaves it to the sound behaviour. */
export type Script = (request: RtspRequest, connection: ScriptedConnection) => unknown;

export interface ScriptedRtsp extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: RtspRequest[];
  /** The first request of the method, now or later. */
  request(method: string, nth?: number): Promise<RtspRequest>;
  readonly connections: ScriptedConnection[];
}

/** An SDP with sound, video and metadata, in that order. */
export const SDP = [
  'v=0',
  's=scripted',
  'm=audio 0 RTP/AVP 8',
  'a=control:audio',
  'm=video 0 RTP/AVP 96',
  'a=control:video',
  'a=rtpmap:96 H264/90000',
  'm=application 0 RTP/AVP 107',
  'a=control:metadata',
  '',
].join('\r\n');

/** A sound RTSP server that sends no pictures of its own, except where the script has it otherwise. */
export const startScriptedRtsp = async (
  script: Script = () => false,
  options: { readonly host?: string; readonly onConnect?: (connection: ScriptedConnection) => void } = {},
): Promise<ScriptedRtsp> => {
  const requests: RtspRequest[] = [];
  const connections: ScriptedConnection[] = [];
  const watchers = new Set<() => void>();
  const server = createServer((socket) => {
    const connection: ScriptedConnection = {
      socket,
      reply: (request, status = 200, headers = {}, body = '') => {
        const all = new Headers({ CSeq: request.headers.get('CSeq'), ...headers });
        socket.write(formatResponse(makeResponse(status, all, Buffer.from(body))));
      },
      frame: (channel, payload) => {
        socket.write(Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 255]), payload]));
      },
    };
    connections.push(connection);
    socket.on('error', () => undefined);
    options.onConnect?.(connection);
    const parser = new RtspParser({
      request: (request) => {
        requests.push(request);
        if (script(request, connection) !== true) behave(request, connection);
        for (const watcher of watchers) watcher();
      },
      response: (response) => socket.emit('rtsp-response', response),
      interleaved: (channel, payload) => socket.emit('rtsp-frame', channel, payload),
    });
    socket.on('data', (chunk: Buffer) => parser.push(chunk));
  });
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  const { port } = address;
  return {
    url: `rtsp://${options.host ?? '127.0.0.1'}:${port}/stream`,
    port,
    requests,
    connections,
    request: (method, nth = 0) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = requests.filter((request) => request.method === method)[nth];
          if (!found) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** What a sound server answers. */
export const behave = (request: RtspRequest, { reply }: ScriptedConnection): void => {
  const transport = request.headers.get('Transport');
  switch (request.method) {
    case 'OPTIONS':
      return reply(request, 200, { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER' });
    case 'DESCRIBE':
      return reply(request, 200, { 'Content-Type': 'application/sdp' }, SDP);
    case 'SETUP':
      return reply(request, 200, { Session: '12345;timeout=60', Transport: transport });
    default:
      return reply(request, 200, { Session: request.headers.get('Session') });
  }
};
