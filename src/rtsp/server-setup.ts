import { InterleavedSink } from './interleaved-sink.js';
import type { PacketSink } from './packet-sink.js';
import type { ServedStream } from './served-stream.js';
import type { ServerConnection } from './server-connection.js';
import { describeInTime, findSession, type ServerContext, sessionHeader } from './server-context.js';
import { ServerSession } from './server-session.js';
import { parseStreamUrl } from './stream-url.js';
import { Headers } from './wire/headers.js';
import { makeResponse, type RtspRequest, type RtspResponse } from './wire/message.js';
import { formatTransport, parseTransports, type Transport } from './wire/transport.js';

/** Answers SETUP (RFC 2326, 10.4): chooses a transport, and makes the session or changes the one that there is. */
export const setup = async (
  context: ServerContext,
  connection: ServerConnection,
  request: RtspRequest,
): Promise<RtspResponse> => {
  const target = parseStreamUrl(request.url);
  if (!target) return makeResponse(400);
  const stream = context.catalogue.get(target.streamId);
  if (!stream || target.part === 'unknown-track') return makeResponse(404);
  if (target.part === 'stream') return makeResponse(459);
  const named = request.headers.has('Session') ? findSession(context, connection, request) : connection.session;
  if (named === null && request.headers.has('Session')) return makeResponse(454);
  if (named?.state === 'playing') return makeResponse(455);
  // A session is of one stream: another's track cannot join it.
  if (named && request.headers.has('Session') && named.streamId !== target.streamId) return makeResponse(459);
  const asked = parseTransports(request.headers.get('Transport') ?? '');
  const chosen = asked.find((transport) => isPossible(context, connection, transport));
  if (!chosen) return makeResponse(461);
  const description = await describeInTime(context, stream);
  if (!description) return makeResponse(503);
  if (connection.socket.destroyed) return makeResponse(503);
  const served = context.serve(stream, description);
  const { transport, sink } = allocate(context, connection, chosen, served);
  let session = named;
  if (session && session.state === 'ready' && session.served === served) session.changeTransport(transport, sink);
  else {
    if (session && session.state !== 'closed') context.endSession(session, 'replaced by another');
    const { remoteAddress } = connection;
    session = new ServerSession(
      served,
      transport,
      sink,
      connection,
      remoteAddress,
      context.now(),
      context.dropSlowClient,
    );
    context.sessions.add(session);
    connection.session = session;
  }
  return makeResponse(
    200,
    new Headers({ Session: sessionHeader(context, session), Transport: formatTransport(transport) }),
  );
};

const isPossible = ({ udp }: ServerContext, connection: ServerConnection, transport: Transport): boolean => {
  if (transport.delivery !== 'unicast' || transport.mode === 'record') return false;
  if (transport.protocol === 'tcp') return true;
  // Over UDP, RTP is in the clear: not for one who came by TLS.
  if (udp === null || connection.secure) return false;
  return transport.clientPort?.every((port) => port > 0) ?? false;
};

const allocate = (
  { udp, limits }: ServerContext,
  connection: ServerConnection,
  chosen: Transport,
  { track: { ssrc } }: ServedStream,
): { transport: Transport; sink: PacketSink } => {
  if (chosen.protocol === 'udp') {
    const { clientPort } = chosen;
    const transport = { protocol: 'udp', delivery: 'unicast', clientPort, serverPort: udp!.ports, ssrc } as const;
    return { transport, sink: udp!.sinkTo(connection.remoteAddress, clientPort!) };
  }
  const interleaved = chosen.interleaved ?? ([0, 1] as const);
  const transport = { protocol: 'tcp', delivery: 'unicast', interleaved, ssrc } as const;
  return { transport, sink: new InterleavedSink(connection.socket, interleaved, limits) };
};
