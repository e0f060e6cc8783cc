import { createHmac } from 'node:crypto';
import type { WebhookConfig } from '../../config/site.js';
import { alertDocument, eventDocument } from '../alerts/alert-document.js';
import { type AlertEventNews, Refusal } from './courier.js';

/** A receiver that has not answered by then, ms, is asked again later. */
const ANSWER_WITHIN_MS = 10_000;

/** Answers that say "later", and not "never". */
const LATER = new Set([408, 425, 429]);

/** What a receiver is told. */
export const notificationBody = (site: string, { alert, event }: AlertEventNews) => ({
  type: 'alert',
  site,
  event: eventDocument(event),
  alert: alertDocument(alert),
});

/**
 * The signature of a body: `t=<seconds since 1970>,v1=<HMAC-SHA-256 of "t.body">`, hexadecimal. The time is signed, so that an old body
 * cannot be sent again by others.
 */
export const signBody = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

/** Posts an event. @throws Refusal where the receiver will not have it; Error where it may not have arrived */
export const postEvent = async (
  { url, secret }: Pick<WebhookConfig, 'url' | 'secret'>,
  site: string,
  news: AlertEventNews,
): Promise<void> => {
  const body = JSON.stringify(notificationBody(site, news));
  // fetch takes no credentials in addresses.
  const target = new URL(url.reveal());
  const { username, password } = target;
  target.username = '';
  target.password = '';
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const response = await fetch(target, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'veilgate',
      'Veilgate-Event': String(news.event.seq),
      'Veilgate-Signature': signBody(secret.reveal(), Math.floor(Date.now() / 1000), body),
      ...(username && { Authorization: `Basic ${basic}` }),
    },
    body,
  });
  await response.body?.cancel();
  const { status } = response;
  if (status >= 200 && status < 300) return;
  if (status < 500 && !LATER.has(status)) throw new Refusal(`The receiver answered ${status}.`);
  throw new Error(`The receiver answered ${status}.`);
};
