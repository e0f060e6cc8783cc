/** A process of many readers. It is told where to read, how many to be and for how long to measure, and says how old pictures were. */
import { LightClient } from '../clients/light-client.js';
import { quantile } from '../measuring/statistics.js';
import { ageOf } from './stamp.js';

export interface CrowdRequest {
  readonly url: string;
  readonly readers: number;
  /** Seconds before anything counts. */
  readonly settle: number;
  readonly seconds: number;
}

export type CrowdReport =
  | { readonly kind: 'measuring' }
  | {
      readonly kind: 'done';
      /** Age of a picture, ms; null where they bear no stamp. */
      readonly p99: number | null;
      readonly pictures: number;
      /** Readers that were sent away meanwhile. */
      readonly lost: number;
    };

const tell = (report: CrowdReport): void => void process.send!(report);
const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

process.once('disconnect', () => process.exit());
process.once('message', async (message) => {
  const { url, readers, settle, seconds } = message as CrowdRequest;
  const ages: number[] = [];
  let counting = false;
  const onPicture = (packet: Buffer): void => {
    if (counting) ages.push(ageOf(packet));
  };
  const clients: LightClient[] = [];
  for (let i = 0; i < readers; i++) clients.push(await LightClient.play({ url, onPicture }));
  await pause(settle);
  counting = true;
  tell({ kind: 'measuring' });
  await pause(seconds);
  counting = false;
  const lost = clients.filter(({ isOver }) => isOver).length;
  const sorted = Float64Array.from(ages).sort();
  const p99 = quantile(sorted, 0.99);
  tell({ kind: 'done', p99: Number.isNaN(p99) ? null : p99, pictures: sorted.length, lost });
  process.disconnect();
});
