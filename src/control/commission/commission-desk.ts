import { randomUUID } from 'node:crypto';
import { LONGEST_GRANT_MS, machineClock } from '../../camera/commission/grant.js';
import type { RawJpeg } from '../../camera/commission/raw-jpeg.js';
import { VeilgateError } from '../../errors.js';
import type { Journal } from '../../record/journal.js';
import { LookPace } from './look-pace.js';

/** A time box is no longer than this, ms. */
export const LONGEST_BOX_MS = 5 * 60_000;

/** So often it is seen to whether a box may still be open, ms. Each picture is checked besides. */
const REVIEW_MS = 1_000;

/** Leaves the grant some time on the way to the worker. */
const GRANT_MS = LONGEST_GRANT_MS - 500;

/** What raw pictures come from. */
export interface CommissionSource {
  /** Rejects where the raw picture of a camera may not be shown now: VeilgateError, and why. */
  checkCommission(camera: string): Promise<void>;
  /** null: none comes. @param until `machineClock` */
  rawPicture(camera: string, until: number): Promise<RawJpeg | null>;
}

/** Who looks: one session of one person. */
export interface Commissioner {
  readonly account: string;
  readonly session: string;
}

/** One time box, as it is told to who opened it. */
export interface CommissionBox {
  readonly camera: string;
  readonly openedBy: string;
  readonly reason: string;
  readonly until: Date;
}

interface OpenBox extends CommissionBox {
  readonly id: string;
  readonly session: string;
  /** `machineClock` */
  readonly deadline: number;
  /** The log has it: only now may anything be shown. */
  isRecorded: boolean;
  pictures: number;
  timer: NodeJS.Timeout | null;
}

export interface CommissionDeskOptions {
  readonly source: CommissionSource;
  readonly journal: Journal;
  /** Whether a session is still one, with the role that it needs. */
  readonly mayGoOn: (session: string) => Promise<boolean>;
}

/**
 * The only way to a raw picture: a time box, opened by one person for one camera and in one session, in the audit log before anything is
 * shown and again at its end. What is shown goes to that session, picture by picture, and each of them is asked for anew. Nothing of
 * this outlives the process.
 */
export class CommissionDesk {
  readonly #options: CommissionDeskOptions;
  readonly #boxes = new Map<string, OpenBox>();
  readonly #pace = new LookPace();
  #review: NodeJS.Timeout | null = null;

  constructor(options: CommissionDeskOptions) {
    this.#options = options;
  }

  /**
   * Opens a box. Throws VeilgateError `commission-open` where somebody has one of this camera, as the source's check where nothing may be
   * shown, and what the journal throws: what cannot be recorded is not opened.
   */
  async open(camera: string, { account, session }: Commissioner, reason: string, ms: number): Promise<CommissionBox> {
    await this.#options.source.checkCommission(camera);
    const there = this.#boxes.get(camera);
    if (there)
      throw new VeilgateError('commission-open', `${there.openedBy} has the commissioning view of "${camera}" open.`);
    const length = Math.min(ms, LONGEST_BOX_MS);
    const until = new Date(Date.now() + length);
    const box: OpenBox = {
      id: randomUUID(),
      camera,
      openedBy: account,
      session,
      reason,
      until,
      deadline: machineClock() + length,
      isRecorded: false,
      pictures: 0,
      timer: null,
    };
    // Its place is taken from here on: two that come at once do not both get in.
    this.#boxes.set(camera, box);
    try {
      const data = { box: box.id, step: 'opened', reason, until: until.toISOString() } as const;
      await this.#options.journal.record({ kind: 'commission', actor: account, camera, data });
    } catch (error) {
      this.#boxes.delete(camera);
      throw error;
    }
    if (this.#boxes.get(camera) !== box) throw noCommission(camera);
    box.isRecorded = true;
    box.timer = setTimeout(() => this.#close(box, 'its time is over'), box.deadline - machineClock()).unref();
    this.#review ??= setInterval(() => void this.#reviewAll(), REVIEW_MS).unref();
    return box;
  }

  /**
   * One raw picture, for the session that has the box open. Throws VeilgateError `no-commission` for every other one and after its end,
   * `too-many-looks` for more than two a second, `no-picture` where the camera gives none, and as the source's check; that closes the box.
   */
  async picture(camera: string, session: string): Promise<RawJpeg> {
    const box = this.#boxOf(camera, session);
    this.#pace.take(camera);
    await this.#check(box);
    const picture = await this.#options.source.rawPicture(camera, Math.min(box.deadline, machineClock() + GRANT_MS));
    // It took a while: what was closed meanwhile, or whose session is over, is not shown.
    await this.#checkSession(box);
    if (this.#boxOf(camera, session) !== box) throw noCommission(camera);
    if (!picture) throw new VeilgateError('no-picture', `Camera "${camera}" gives no picture now.`);
    box.pictures++;
    return picture;
  }

  /** Closes the box of this session. Throws VeilgateError `no-commission` where it has none. */
  end(camera: string, session: string): void {
    this.#close(this.#boxOf(camera, session), 'by the person');
  }

  /** Closes every box: the gateway stops. */
  close(): void {
    for (const box of [...this.#boxes.values()]) this.#close(box, 'the gateway stops');
  }

  #boxOf(camera: string, session: string): OpenBox {
    const box = this.#boxes.get(camera);
    if (!box?.isRecorded || box.session !== session || machineClock() >= box.deadline) throw noCommission(camera);
    return box;
  }

  async #checkSession(box: OpenBox): Promise<void> {
    // Whoever cannot be asked for is not there.
    const mayGoOn = await this.#options.mayGoOn(box.session).catch(() => false);
    if (!mayGoOn) this.#close(box, 'the session is over');
  }

  async #check(box: OpenBox): Promise<void> {
    try {
      await this.#options.source.checkCommission(box.camera);
    } catch (error) {
      this.#close(box, error instanceof VeilgateError ? error.code : 'its camera cannot be asked');
      throw error;
    }
  }

  async #reviewAll(): Promise<void> {
    for (const box of [...this.#boxes.values()]) {
      await this.#checkSession(box);
      await this.#check(box).catch(() => undefined);
    }
  }

  #close(box: OpenBox, why: string): void {
    if (this.#boxes.get(box.camera) !== box) return;
    this.#boxes.delete(box.camera);
    if (box.timer) clearTimeout(box.timer);
    if (this.#boxes.size === 0 && this.#review) {
      clearInterval(this.#review);
      this.#review = null;
    }
    // The gateway may stop before the log has its beginning: then there was nothing to end.
    if (!box.isRecorded) return;
    this.#options.journal.note({
      kind: 'commission',
      actor: why === 'by the person' ? box.openedBy : 'system',
      camera: box.camera,
      data: { box: box.id, step: 'closed', why, pictures: box.pictures },
    });
  }
}

const noCommission = (camera: string): VeilgateError =>
  new VeilgateError('no-commission', `This session has no commissioning view of "${camera}" open.`);
