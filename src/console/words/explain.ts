import { ApiError } from '../api/ask.js';
import type { Camera, ZoneLoss } from '../api/types.js';
import type { Words } from './en.js';
import type { Formats } from './formats.js';

/** Why a camera shows what it shows. What this console has no words for, the gateway says itself. */
export const explainCamera = ({ reason, explanation }: Camera, say: Words): string =>
  reason === null ? '' : (say.reasons[reason] ?? explanation);

/** When there was no picture, for how long, and why. */
export const describeInterruption = (
  { reason, since, until }: NonNullable<Camera['interruption']>,
  say: Words,
  format: Formats,
): string => {
  const why = say.reasons[reason] ?? reason;
  if (until === null) return `${say.camera.interrupted(format.time(since))}${say.clauseGap}${why}`;
  const ms = Date.parse(until) - Date.parse(since);
  const lasted = ms < 10_000 ? `${format.number(ms / 1000, 1)} s` : format.span(ms);
  return `${say.camera.interrupted(format.time(since))}${say.listGap}${lasted}${say.clauseGap}${why}`;
};

export const explainError = (error: unknown, say: Words): string => {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  return say.errors[error.code] ?? (error.status === 403 ? say.errors.forbidden! : error.message);
};

/** What a zone loses, as a sentence without its zone. */
export const explainLoss = ({ weakenings, share, bare }: ZoneLoss, say: Words, format: Formats): string => {
  const ways = weakenings.map((weakening) => say.losses[weakening]).join(say.listGap);
  const what = [
    ...(bare > 0 ? [say.losses.bare(format.percent(bare))] : []),
    ...(share - bare > 1e-9 || bare === 0 ? [say.losses.weaker(format.percent(share - bare))] : []),
  ];
  return `${ways}${say.clauseGap}${what.join(say.listGap)}`;
};
