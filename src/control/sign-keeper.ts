import type { CameraConfig } from '../config/site.js';
import { ATTESTED_DAYS, type Attestation, attestedUntil } from '../record/sign-attestations.js';
import type { Logger } from '../rtsp/logger.js';
import type { Finding, FindingSink } from '../rules/finding.js';
import { type SignLook, SignOverTime, type SignState } from '../vision/sign/sign-over-time.js';

/** How often a sign that nobody sees is thought of, ms. */
export const SIGN_REVIEW_MS = 3_600_000;
/** What nobody could show is told again so often, ms. */
const AGAIN_MS = 86_400_000;

/** What is known of a camera's sign. */
export interface SignStatus {
  /** As the camera sees it; null: it is not looked for in its picture. */
  readonly seen: SignState | null;
  /** The last word of a person on it; null: none was given. */
  readonly attested: Attestation | null;
  /** Whether that word still counts. */
  readonly isAttested: boolean;
}

interface Kept {
  config: CameraConfig;
  /** null: not looked for. */
  watch: SignOverTime | null;
  attested: Attestation | null;
  unattestedToldAt: number;
  /** Why the reference photo is of no use, as the log last said; null: it is. */
  photoFault: string | null;
}

/**
 * Keeps what is known of every camera's sign (Regulation, Art. 16): what the vision process reads in its picture, and what persons
 * attested of signs that no camera sees. Private grounds need none.
 */
export class SignKeeper {
  readonly #findings: FindingSink;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #cameras = new Map<string, Kept>();

  /** @param now ms since 1970 */
  constructor(findings: FindingSink, now: () => number, logger: Logger) {
    this.#findings = findings;
    this.#now = now;
    this.#logger = logger;
  }

  /** A camera of the site file, new or changed. What was seen is kept where the sign is the same. */
  use(config: CameraConfig, attested: Attestation | null): void {
    const before = this.#cameras.get(config.id);
    const same = before && JSON.stringify(before.config.sign) === JSON.stringify(config.sign);
    const { sign } = config;
    const made = sign && new SignOverTime({ periodMs: sign.within * 1000, patienceMs: sign.missingAfter * 1000 });
    this.#cameras.set(config.id, {
      config,
      watch: same ? before.watch : made,
      attested,
      unattestedToldAt: before?.unattestedToldAt ?? Number.NEGATIVE_INFINITY,
      photoFault: same ? before.photoFault : null,
    });
  }

  forget(camera: string): void {
    this.#cameras.delete(camera);
  }

  attest(camera: string, attestation: Attestation): void {
    const kept = this.#cameras.get(camera);
    if (!kept) return;
    kept.attested = attestation;
    kept.unattestedToldAt = Number.NEGATIVE_INFINITY;
  }

  status(camera: string): SignStatus | null {
    const kept = this.#cameras.get(camera);
    if (!kept) return null;
    const { watch, attested } = kept;
    return { seen: watch?.state ?? null, attested, isAttested: this.#isAttested(kept) };
  }

  /** One look of the vision process. @param withheld why the picture is not to be judged by; null: it is */
  looked(camera: string, look: SignLook, withheld: string | null): void {
    const kept = this.#cameras.get(camera);
    if (!kept?.watch) return;
    if (look.kind === 'looked') this.#notePhoto(kept, look.photoFault ?? null);
    const finding = kept.watch.observe(withheld === null ? look : { kind: 'unable', why: withheld }, this.#now());
    if (!finding || !kept.config.public) return;
    // A sign that hangs where no camera looks is not missing.
    if (finding.kind === 'sign-missing' && this.#isAttested(kept)) return;
    this.#tell(kept, finding.kind, 'picture', finding.detail);
  }

  /** To be called now and then: finds the cameras whose sign nobody shows, neither a picture nor a person. */
  review(): void {
    const now = this.#now();
    for (const kept of this.#cameras.values()) {
      const { config, watch, attested } = kept;
      if (!config.public || watch || this.#isAttested(kept) || now - kept.unattestedToldAt < AGAIN_MS) continue;
      kept.unattestedToldAt = now;
      const cure = `Run "veilgate sign attest ${config.id} photo.jpg --by NAME", or give the camera "sign:" where its picture shows one.`;
      const what = attested
        ? `the word of ${attested.by} of ${attested.at.slice(0, 10)} on its sign is over ${ATTESTED_DAYS} days old`
        : 'nothing shows that a surveillance sign hangs here';
      this.#tell(kept, 'sign-missing', 'attestation', `${what}. ${cure}`);
    }
  }

  #notePhoto(kept: Kept, fault: string | null): void {
    if (fault === kept.photoFault) return;
    kept.photoFault = fault;
    const camera = kept.config.id;
    if (fault === null) this.#logger.info({ camera }, "the sign's reference photo is used again");
    else this.#logger.warn({ camera, detail: fault }, "the sign's reference photo cannot be used");
  }

  #isAttested({ attested }: Kept): boolean {
    return attested !== null && this.#now() < attestedUntil(attested);
  }

  #tell({ config }: Kept, kind: Finding['kind'], cause: string, detail: string): void {
    const { type } = config.responsibleUnit;
    const penalty =
      type === 'state-organ'
        ? 'Art. 42(7) of the Regulation provides for disciplinary action.'
        : 'The Regulation names no penalty for others than state organs.';
    this.#findings.accept({
      camera: config.id,
      kind,
      cause,
      at: this.#now(),
      detail: `${detail}${/\.$/.test(detail) ? '' : '.'} ${penalty}`,
    });
  }
}
