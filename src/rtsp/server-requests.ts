import type { ServerConnection } from './server-connection.js';
import { describeInTime, findSession, type ServerContext, sessionHeader } from './server-context.js';
import type { ServerSession } from './server-session.js';
import { setup } from './server-setup.js';
import { PLAYABLE_RANGE, streamSdp, TRACK_CONTROL } from './stream-sdp.js';
import { baseUrl, parseStreamUrl, type StreamUrl } from './stream-url.js';
import { Headers } from './wire/headers.js';
import { makeResponse, RTSP_METHODS, RTSP_VERSION, type RtspRequest, type RtspResponse } from './wire/message.js';
import { formatRtpInfo } from './wire/rtp-info.js';

/** What this server does; RECORD and ANNOUNCE would let anyone publish beside the cameras. */
const PUBLIC_METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER';

/** Answers one request of RFC 2326. Never rejects. */
export const handleRequest = async (
  context: ServerContext,
  connection: ServerConnection,
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
  { gate, limits, logger }: ServerContext,
  connection: ServerConnection,
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

const describe = async (context: ServerContext, request: RtspRequest): Promise<RtspResponse> => {
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

const play = (context: ServerContext, connection: ServerConnection, request: RtspRequest): void => {
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
  context: ServerContext,
  request: RtspRequest,
  session: ServerSession | null,
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

const belongs = (target: StreamUrl, session: ServerSession): boolean =>
  target.streamId === session.streamId && target.part !== 'unknown-track';

const withSession = (
  context: ServerContext,
  connection: ServerConnection,
  request: RtspRequest,
  act: (session: ServerSession) => void,
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

const keepAlive = (context: ServerContext, connection: ServerConnection, request: RtspRequest): RtspResponse => {
  if (!request.headers.has('Session')) return makeResponse(200);
  const session = findSession(context, connection, request);
  if (!session) return makeResponse(454);
  return makeResponse(200, new Headers({ Session: sessionHeader(context, session) }));
};
