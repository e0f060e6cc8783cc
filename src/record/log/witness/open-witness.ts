import { FileWitness } from './file-witness.js';
import { WebhookWitness } from './webhook-witness.js';
import type { Witness } from './witness.js';

/** A witness from how a site names it: an http(s) address, or a file. */
export function openWitness(place: string): Witness {
  return /^https?:\/\//i.test(place) ? new WebhookWitness(new URL(place)) : new FileWitness(place);
}
