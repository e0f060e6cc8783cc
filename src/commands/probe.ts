import { setTimeout as delay } from 'node:timers/promises';
import { quietEngineLog } from '../camera/engine-log.js';
import { watchFirstPictures } from '../camera/first-pictures.js';
import { describeFile } from '../camera/ingest/describe-file.js';
import { createRedactor } from '../config/redact.js';
import { displayUrl, type ParsedSource, parseSource, secretsOfUrl } from '../config/source.js';
import { VeilgateError } from '../errors.js';
import { probeRtsp } from '../rtsp/describe.js';
import type { Output } from './check.js';
import type { ProbeReport } from './probe-report.js';
import { formatProbe } from './probe-text.js';

export interface ProbeOptions {
  /** `rtsp(s)://`, the path of a file, or `demo:NAME`. */
  readonly source: string;
  /** One JSON document instead of text. */
  readonly json: boolean;
  readonly transport: 'auto' | 'tcp' | 'udp';
  /** Check the certificate of `rtsps://`. */
  readonly verify: boolean;
  readonly stdout: Output;
}

/** Some servers are still busy with the client that only asked, and send the next one away (503). */
const ATTEMPTS = 3;
const RETRY_MS = 500;

/**
 * `veilgate probe <url>`: what a source offers, and what its first pictures are. Takes nothing but video, and leaves.
 *
 * @returns 1 where the source answers but offers no video that could be taken
 * @throws VeilgateError whose message is free of credentials, where the source cannot be asked at all
 */
export async function runProbe({ source, json, stdout, ...how }: ProbeOptions): Promise<0 | 1> {
  const parsed = parseSource(source);
  if (!parsed.ok) throw new VeilgateError(parsed.code, `${parsed.message} ${parsed.cure}`);
  quietEngineLog();
  const redactor = createRedactor(parsed.value.kind === 'rtsp' ? secretsOfUrl(parsed.value.url) : []);
  try {
    const report = await probe(parsed.value, how);
    stdout.write(redactor.text(json ? `${JSON.stringify(toJson(report), null, 2)}\n` : formatProbe(report)));
    return hasVideo(report) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof VeilgateError)) throw error;
    throw new VeilgateError(error.code, redactor.text(error.message));
  }
}

async function probe(source: ParsedSource, { transport, verify }: Pick<ProbeOptions, 'transport' | 'verify'>) {
  const offer = await askOffer(source, verify);
  const report = { source: displayOf(source), offer, picture: null, problem: null };
  if (!hasVideo(report)) return report;
  const config = { url: addressOf(source), transport, tls: { verify, ca: null }, loop: false };
  for (let attempt = 1; ; attempt++) {
    try {
      return { ...report, picture: await watchFirstPictures(config) };
    } catch (error) {
      if (!(error instanceof VeilgateError)) throw error;
      if (error.code !== 'source-lost' || attempt === ATTEMPTS) return { ...report, problem: error.message };
      await delay(RETRY_MS);
    }
  }
}

async function askOffer(source: ParsedSource, verify: boolean): Promise<ProbeReport['offer']> {
  switch (source.kind) {
    case 'rtsp': {
      const profile = await probeRtsp(source.url, { tls: { rejectUnauthorized: verify } });
      return { kind: 'rtsp', profile: { ...profile, url: displayUrl(profile.url) } };
    }
    case 'file':
      return { kind: 'file', profile: await describeFile(source.path) };
    case 'demo':
      return { kind: 'demo' };
  }
}

const hasVideo = ({ offer }: Pick<ProbeReport, 'offer'>): boolean =>
  offer.kind !== 'rtsp' || offer.profile.video !== null;

const addressOf = (source: ParsedSource): string => {
  if (source.kind === 'rtsp') return source.url;
  return source.kind === 'file' ? source.path : `demo:${source.scene}`;
};

const displayOf = (source: ParsedSource): string =>
  source.kind === 'rtsp' ? displayUrl(source.url) : addressOf(source);

/** Parameter sets as hex: JSON would have them as lists of numbers. */
function toJson(report: ProbeReport): unknown {
  if (report.offer.kind !== 'rtsp' || !report.offer.profile.video) return report;
  const { video } = report.offer.profile;
  const parameterSets = video.parameterSets.map((set) => set.toString('hex'));
  return {
    ...report,
    offer: { ...report.offer, profile: { ...report.offer.profile, video: { ...video, parameterSets } } },
  };
}
