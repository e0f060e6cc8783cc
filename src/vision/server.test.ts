import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VisionTap } from '../camera/vision-tap.js';
import type { Eye, Look } from './analyser.js';
import { VisionHub } from './hub.js';
import { encodeFrame } from './link/framing.js';
import { ticketFor } from './link/ticket.js';
import type { RgbPicture } from './picture.js';
import { VisionServer } from './server.js';

const SECRET = 'ab'.repeat(32);

/** A frame of one brightness with a bright spot where `at` says, as a share of the width. */
function frameOf(brightness: number, at: number | null = null): Frame {
  const frame = new Frame();
  frame.alloc();
  Object.assign(frame, { format: AV_PIX_FMT_YUV420P, width: 640, height: 360 });
  frame.allocBuffer();
  const [y, u, v] = frame.data!;
  y!.fill(brightness);
  u!.fill(128);
  v!.fill(128);
  const stride = frame.linesize[0]!;
  const left = Math.round((at ?? 0) * 640);
  if (at !== null) for (let row = 100; row < 160; row++) y!.fill(235, row * stride + left, row * stride + left + 40);
  return frame;
}

class NotingEye implements Eye<RgbPicture> {
  readonly name = 'noting';
  readonly pictures: RgbPicture[] = [];
  readonly stills: number[] = [];

  async load() {
    return { side: 416, analyse: async (picture: RgbPicture) => picture };
  }

  watch() {
    return {
      periodMs: 20,
      ifMoved: true,
      seen: (picture: RgbPicture) => void this.pictures.push(picture),
      still: ({ pts }: Look) => void this.stills.push(pts),
    };
  }
}

describe('the way from a worker to the vision process', () => {
  let folder: string;
  let path: string;
  let eye: NotingEye;
  let hub: VisionHub;
  let server: VisionServer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veilgate-vision-test-'));
    path = join(folder, 'vision.sock');
    eye = new NotingEye();
    hub = new VisionHub([eye], 1, { report: () => undefined, loading: () => undefined, eyeFailed: () => undefined });
    hub.useCameras([{ id: 'cam', place: 'lobby', peopleRate: null, peopleZones: [], sign: null }]);
    server = new VisionServer(hub, SECRET, 1);
    await server.listen(path);
  });
  afterEach(async () => {
    hub.close();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const tapOf = (camera: string, ticket = ticketFor(SECRET, camera)) => {
    const lost: string[] = [];
    const tap = new VisionTap(camera, {
      people: () => undefined,
      lost: () => void lost.push(camera),
      failed: (detail) => void lost.push(detail),
    });
    tap.use({ path, ticket });
    return { tap, lost };
  };

  /** Offers frames as a camera would until `enough`. */
  const play = async (tap: VisionTap, next: (i: number) => Frame, enough: () => boolean, mostMs = 3000) => {
    const until = performance.now() + mostMs;
    for (let i = 0; !enough() && performance.now() < until; i++) {
      using frame = next(i);
      tap.offer(frame, i * 3600);
      await pause(5);
    }
  };

  test('a small picture comes when it was asked for, of the frame that is newest', async () => {
    using tap = tapOf('cam').tap;
    await play(
      tap,
      () => frameOf(126),
      () => eye.pictures.length > 0,
    );
    const [picture] = eye.pictures;
    expect([picture!.width, picture!.height]).toEqual([416, 234]);
    // Studio range 126 of 16..235 is the middle of 0..255.
    expect(picture!.data.every((value) => Math.abs(value - 128) <= 2)).toBe(true);
  });

  test('a motionless picture is not sent again, a thing that moves is', async () => {
    using tap = tapOf('cam').tap;
    await play(
      tap,
      () => frameOf(60, 0.5),
      () => eye.stills.length > 5,
    );
    expect(eye.pictures).toHaveLength(1);
    await play(
      tap,
      () => frameOf(60, 0.55),
      () => eye.pictures.length > 1,
    );
    expect(eye.pictures).toHaveLength(2);
    // Also what creeps: against the picture that was looked at, not against the last frame.
    await play(
      tap,
      (i) => frameOf(60, 0.55 + i * 0.0005),
      () => eye.pictures.length > 2,
    );
    expect(eye.pictures.length).toBeGreaterThan(2);
  });

  test('nobody else can come in: the socket is the user’s alone, and speaks to tickets alone', async () => {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const [camera, ticket] of [
      ['cam', ticketFor('00'.repeat(32), 'cam')],
      ['cam', ticketFor(SECRET, 'other')],
      ['other', ticketFor(SECRET, 'other')],
    ] as const) {
      const socket = connect(path);
      const answer: Buffer[] = [];
      socket.on('data', (piece) => answer.push(piece));
      socket.on('error', () => undefined);
      for (const bytes of encodeFrame({ type: 'hello', camera, ticket })) socket.write(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
      expect(Buffer.concat(answer)).toHaveLength(0);
    }
  });

  test('what makes no sense ends the connection, and the tap comes again', async () => {
    const { tap, lost } = tapOf('cam');
    using _ = tap;
    await play(
      tap,
      () => frameOf(126),
      () => eye.pictures.length > 0,
    );
    const socket = connect(path);
    socket.on('error', () => undefined);
    socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(lost).toEqual([]);
    // The real one is let go too: it notices, and comes back.
    hub.useCameras([]);
    server.close();
    await play(
      tap,
      () => frameOf(126),
      () => lost.length > 0,
    );
    expect(lost[0]).toBe('cam');
    server = new VisionServer(hub, SECRET, 1);
    hub.useCameras([{ id: 'cam', place: 'lobby', peopleRate: null, peopleZones: [], sign: null }]);
    await rm(path, { force: true });
    await server.listen(path);
    const before = eye.pictures.length;
    await play(
      tap,
      () => frameOf(126),
      () => eye.pictures.length > before,
    );
    expect(eye.pictures.length).toBe(before + 1);
  });
});
