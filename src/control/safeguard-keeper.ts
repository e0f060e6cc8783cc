import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import type { Journal } from '../record/journal.js';
import { replaceFile } from '../replace-file.js';
import type { Logger } from '../rtsp/logger.js';
import type { Finding } from '../rules/finding.js';
import {
  describeWeakening,
  type Safeguards,
  safeguardsOf,
  strongestOf,
  type Weakening,
  withSafeguards,
} from './safeguards.js';

const FILE = 'safeguards.json';

const fileSchema = z.strictObject({
  format: z.literal(1),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** Who lets the site file weaken something. */
export interface WeakeningAccepted {
  readonly by: string;
  /** Another person; null where one is enough. */
  readonly approvedBy: string | null;
}

export interface SafeguardKeeperOptions {
  readonly journal: Pick<Journal, 'record'>;
  readonly logger: Logger;
}

/**
 * What protects people and records, across restarts: `<storage.dir>/safeguards.json`. The site file seeds it and may make it stronger;
 * what it makes weaker stays as it was until people accept it, as with zones.
 */
export class SafeguardKeeper {
  readonly #folder: string;
  readonly #options: SafeguardKeeperOptions;
  #inForce: Safeguards | null = null;
  #wanted: Site | null = null;
  /** In force. */
  #site: Site | null = null;
  #weakenings: readonly Weakening[] = [];

  /** @param storageDir the site's `storage.dir`; made when first needed */
  constructor(storageDir: string, options: SafeguardKeeperOptions) {
    this.#folder = storageDir;
    this.#options = options;
  }

  /** What waits for people. */
  get pending(): readonly Weakening[] {
    return this.#weakenings;
  }

  /** Whether what waits takes two people: some always does, and all of it where the site asks for two. */
  get takesTwo(): boolean {
    return this.#weakenings.some(({ takesTwo }) => takesTwo) || this.#inForce?.get('zones.twoPersons') === true;
  }

  /** The site as it comes into force. Never rejects: what cannot be written holds until the next start. */
  async heed(wanted: Site): Promise<Site> {
    const before = this.#inForce ?? (await this.#read(wanted));
    const { site, inForce, weakenings } = withSafeguards(wanted, before ?? new Map(), this.#site);
    this.#site = site;
    this.#wanted = wanted;
    this.#weakenings = weakenings;
    this.#inForce = inForce;
    if (!isDeepStrictEqual(inForce, before))
      await this.#write(inForce).catch((error: unknown) => {
        this.#options.logger.warn({ error: String(error) }, 'what the site file protects could not be kept');
      });
    for (const weakening of weakenings)
      this.#options.logger.warn(
        { change: describeWeakening(weakening), cure: 'veilgate site accept' },
        'the site file weakens what it protected; what was in force stays until people accept',
      );
    return site;
  }

  /**
   * Lets the site file weaken what waits. In the audit log before it takes effect.
   * @returns the site as it comes into force @throws VeilgateError `nothing-pending`, `one-person`; what the journal throws
   */
  async accept({ by, approvedBy }: WeakeningAccepted): Promise<Site> {
    const wanted = this.#wanted;
    if (wanted === null || this.#weakenings.length === 0)
      throw new VeilgateError('nothing-pending', 'The site file weakens nothing: there is nothing to accept.');
    if (this.takesTwo && (approvedBy === null || approvedBy === by))
      throw new VeilgateError('one-person', 'What the site file protects is weakened by two different people.');
    const changes = this.#weakenings.map(describeWeakening);
    await this.#options.journal.record({ kind: 'safeguards-weakened', actor: by, data: { changes, approvedBy } });
    const weakened = this.#weakenings.map(({ path, to }) => [path, to] as const);
    const inForce = new Map([...(this.#inForce ?? []), ...safeguardsOf(wanted), ...weakened]);
    await this.#write(inForce);
    this.#inForce = inForce;
    this.#site = wanted;
    this.#weakenings = [];
    return wanted;
  }

  /** What somebody must decide of the site file. */
  findings(at: number): readonly Finding[] {
    return this.#weakenings.map((weakening) => ({
      camera: /^cameras\.([^.]+)\./.exec(weakening.path)?.[1] ?? '',
      kind: 'safeguards-weakened',
      cause: weakening.path,
      at,
      detail: `The site file weakens what it protected; what was in force stays. ${describeWeakening(weakening)}`,
    }));
  }

  /** null: nothing was ever in force. */
  async #read(site: Site): Promise<Safeguards | null> {
    const path = join(this.#folder, FILE);
    try {
      const { values } = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      return new Map(Object.entries(values));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      this.#options.logger.warn(
        { path, error: String(error), cure: 'veilgate site accept' },
        'what was protected cannot be read: the strongest holds until people accept the site file',
      );
      return strongestOf(site);
    }
  }

  async #write(values: Safeguards): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ format: 1, values: Object.fromEntries(values) }, null, 1);
    await replaceFile(join(this.#folder, FILE), `${text}\n`);
  }
}
