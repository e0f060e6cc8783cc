import type { RtspConnection } from './connection.js';
import type { DigestGate } from './digest-gate.js';
import { InterleavedSink } from './interleaved-sink.js';
import type { Logger } from './logger.js';
import type { PacketSink } from './packet-sink.js';
import type { PublishedStream, StreamCatalogue, StreamDescription } from './published-stream.js';
import type { ServedStream } from './served-stream.js';
import type { ServerLimits } from './server-limits.js';
import { RtspSession } from './session.js';
import type { SessionTable } from './session-table.js';
import { PLAYABLE_RANGE, streamSdp, TRACK_CONTROL } from './stream-sdp.js';
import { baseUrl, parseStreamUrl, type StreamUrl } from './stream-url.js';
import type { UdpSender } from './udp-sender.js';
import { Headers } from './wire/headers.js';
import { makeResponse, RTSP_METHODS, RTSP_VERSION, type RtspRequest, type RtspResponse } from './wire/message.js';
import { formatRtpInfo } from './wire/rtp-info.js';
import { formatSession, parseSession } from './wire/session.js';
import { formatTransport, parseTransports, type Transport } from './wire/transport.js';

/** What this server does; RECORD and ANNOUNCE would let anyone publish beside the cameras. */
const PUBLIC_METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER';

/** What answering needs of the server. */
export interface RequestContext {
  readonly catalogue: StreamCatalogue;
  readonly sessions: SessionTable;
  readonly gate: DigestGate;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly now: () => number;
  /** Null where clients must come over TCP. */
  readonly udp: UdpSender | null;
  /** The stream's shared track for what it carries now. */
  serve(stream: PublishedStream, description: StreamDescription): ServedStream;
  /** Makes room for one more client that plays. False where there is none. */
  admitPlayer(session: RtspSession): boolean;
  endSession(session: RtspSession, cause: string): void;
  dropSlowClient(session: RtspSession): void;
}

/** Answers one request of RFC 2326. Never rejects. */
export const handleRequest = async (
  context: RequestContext,
  connection: RtspConnection,
  request: RtspRequest,
): Promise<void> => {
  const answer = (response: RtspResponse): void => connection.respond(request, response);
  try {
    if (request.version !== RTSP_VERSION) return answer(makeResponse(505));
    if (request.method === 'OPTIONS') {
      findSession(context, connection, request); // a keep-alive for some clients
      return answer(makeResponse(200, new Headers({ Public: PUBLIC_METHODS })));
    }
    if (request.headers.has('Require') || request.headers.has('Proxy-Require')) {
      const options = [...request.headers.getAll('Require'), ...request.headers.getAll('Proxy-Require')];
      return answer(makeResponse(551, new Headers({ Unsupported: options.join(', ') })));
    }
    const refusal = await refuseStrangers(context, connection, request);
    if (refusal) return answer(refusal);
    switch (request.method) {
      case 'DESCRIBE':
        return answer(await describe(context, request));
      case 'SETUP':
        return answer(await setup(context, connection, request));
      case 'PLAY':
        return play(context, connection, request);
      case 'PAUSE':
        return answer(withSession(context, connection, request, (session) => session.pause()));
      case 'TEARDOWN':
        return answer(
          withSession(context, connection, request, (s) => context.endSession(s, 'torn down by the client')),
        );
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return answer(keepAlive(context, connection, request));
      default: {
        const known = (RTSP_METHODS as readonly string[]).includes(request.method);
        return answer(known ? makeResponse(405, new Headers({ Allow: PUBLIC_METHODS })) : makeResponse(501));
      }
    }
  } catch (error) {
    context.logger.warn(
      { err: error, method: request.method, client: connection.remoteAddress },
      'RTSP request failed',
    );
    answer(makeResponse(500));
  }
};

const refuseStrangers = async (
  { gate, limits, logger }: RequestContext,
  connection: RtspConnection,
  request: RtspRequest,
): Promise<RtspResponse | null> => {
  const admission = gate.admit(request, connection.nonce);
  if (admission === 'admitted') return null;
  if (admission === 'wrong') {
    connection.wrongPasswords++;
    logger.warn({ client: connection.remoteAddress }, 'RTSP client refused: wrong user or password');
    await new Promise((resolve) => setTimeout(resolve, limits.wrongPasswordDelayMs));
    if (connection.wrongPasswords >= limits.maxWrongPasswords) connection.close('too many wrong passwords');
  }
  return makeResponse(401, new Headers({ 'WWW-Authenticate': gate.challenge(connection.nonce) }));
};

const describe = async (context: RequestContext, request: RtspRequest): Promise<RtspResponse> => {
  const target = parseStreamUrl(request.url);
  if (!target) return makeResponse(400);
  const stream = context.catalogue.get(target.streamId);
  if (!stream || target.part !== 'stream') return makeResponse(404);
  const accept = request.headers.get('Accept');
  if (accept && !/application\/sdp|application\/\*|\*\/\*/i.test(accept)) return makeResponse(406);
  const description = await describeInTime(context, stream);
  if (!description) return makeResponse(503);
  const headers = new Headers({ 'Content-Base': `${baseUrl(request.url)}/`, 'Content-Type': 'application/sdp' });
  return makeResponse(200, headers, Buffer.from(streamSdp(stream.id, description)));
};

/** Null, and a log line, where the stream fails to say what it is: its clients may try again. */
const describeInTime = async (
  { limits, logger }: RequestContext,
  stream: PublishedStream,
): Promise<StreamDescription | null> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      reject,
      limits.describeTimeoutMs,
      new Error(`no description after ${limits.describeTimeoutMs} ms`),
    );
  });
  try {
    return await Promise.race([stream.describe(), timeout]);
  } catch (error) {
    logger.warn({ err: error, stream: stream.id }, 'stream cannot be described');
    return null;
  } finally {
    clearTimeout(timer);
  }
};

const setup = async (
  context: RequestContext,
  connection: RtspConnection,
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
    if (session) context.endSession(session, 'replaced by another');
    const { remoteAddress } = connection;
    session = new RtspSession(
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

const isPossible = ({ udp }: RequestContext, connection: RtspConnection, transport: Transport): boolean => {
  if (transport.delivery !== 'unicast' || transport.mode === 'record') return false;
  if (transport.protocol === 'tcp') return true;
  // Over UDP, RTP is in the clear: not for one who came by TLS.
  return udp !== null && !connection.secure && transport.clientPort !== undefined && transport.clientPort[0] > 0;
};

const allocate = (
  { udp, limits }: RequestContext,
  connection: RtspConnection,
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

const play = (context: RequestContext, connection: RtspConnection, request: RtspRequest): void => {
  const session = findSession(context, connection, request);
  const refusal = refusePlay(context, request, session);
  if (refusal || !session) {
    connection.respond(request, refusal ?? makeResponse(454));
    return;
  }
  const answer = (first: { readonly sequence: number; readonly timestamp: number } | null): void => {
    const info = {
      url: `${baseUrl(request.url.replace(/\/trackID=0\/?$/i, ''))}/${TRACK_CONTROL}`,
      seq: first?.sequence,
      rtptime: first?.timestamp,
    };
    connection.respond(
      request,
      makeResponse(
        200,
        new Headers({
          Session: sessionHeader(context, session),
          Range: PLAYABLE_RANGE,
          'RTP-Info': formatRtpInfo([info]),
        }),
      ),
    );
  };
  if (session.state === 'playing') {
    answer(null);
    return;
  }
  session.play((first) => answer(first?.header ?? null));
  const { streamId, clientAddress, transport } = session;
  context.logger.info({ stream: streamId, client: clientAddress, transport: transport.protocol }, 'RTSP client plays');
};

const refusePlay = (
  context: RequestContext,
  request: RtspRequest,
  session: RtspSession | null,
): RtspResponse | null => {
  const target = parseStreamUrl(request.url);
  if (!target) return makeResponse(400);
  if (!session) return makeResponse(454);
  if (!belongs(target, session)) return makeResponse(404);
  // Any `npt` range gets what there is, live pictures; other units ask for a recording (RFC 2326, 3.5 and 3.7).
  if (/^\s*(clock|smpte)/i.test(request.headers.get('Range') ?? '')) return makeResponse(457);
  if (session.state !== 'playing' && !context.admitPlayer(session)) return makeResponse(503);
  return null;
};

const belongs = (target: StreamUrl, session: RtspSession): boolean =>
  target.streamId === session.streamId && target.part !== 'unknown-track';

const withSession = (
  context: RequestContext,
  connection: RtspConnection,
  request: RtspRequest,
  act: (session: RtspSession) => void,
): RtspResponse => {
  const target = parseStreamUrl(request.url);
  if (!target) return makeResponse(400);
  const session = findSession(context, connection, request);
  if (!session) return makeResponse(454);
  if (!belongs(target, session)) return makeResponse(404);
  const header = sessionHeader(context, session);
  act(session);
  return makeResponse(200, new Headers({ Session: header }));
};

const keepAlive = (context: RequestContext, connection: RtspConnection, request: RtspRequest): RtspResponse => {
  if (!request.headers.has('Session')) return makeResponse(200);
  const session = findSession(context, connection, request);
  if (!session) return makeResponse(454);
  return makeResponse(200, new Headers({ Session: sessionHeader(context, session) }));
};

/**
 * The session that the request names, which is thereby seen alive. A session over UDP may be controlled from another connection
 * of the same address (RFC 2326, 1.6: sessions are no connections), which then owns it.
 */
const findSession = (context: RequestContext, connection: RtspConnection, request: RtspRequest): RtspSession | null => {
  const session = context.sessions.get(parseSession(request.headers.get('Session'))?.id ?? '');
  if (!session) return null;
  if (session.connection !== connection) {
    const adoptable = session.transport.protocol === 'udp' && session.clientAddress === connection.remoteAddress;
    if (!adoptable || connection.session) return null;
    if (session.connection) session.connection.session = null;
    session.connection = connection;
    connection.session = session;
  }
  session.lastSeen = context.now();
  return session;
};

const sessionHeader = ({ limits }: RequestContext, session: RtspSession): string =>
  formatSession({ id: session.id, timeoutS: Math.ceil(limits.sessionTimeoutMs / 1000) });
