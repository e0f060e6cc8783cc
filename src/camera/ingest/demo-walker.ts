import { type Colour, type DemoPainter, shade } from './demo-painter.js';

/** A person who walks through a scene, from one side to the other and in again. */
export interface Walker {
  readonly skin: Colour;
  readonly hair: Colour;
  readonly coat: Colour;
  readonly trousers: Colour;
  readonly shoes: Colour;
  readonly bag: Colour | null;
  /** Pixels a frame; negative walks to the left. */
  readonly speed: number;
  /** Where the feet are, px from the top. */
  readonly floor: number;
  /** px. */
  readonly tall: number;
  /** Frames that this one is ahead. */
  readonly ahead: number;
}

/** Beyond the picture's sides a walker turns up again, px. */
const MARGIN = 120;

/** Limbs on the far side lie in the shade, luma. */
const FAR_SHADE = -16;

/** Lengths, as shares of the height (after Drillis and Contini's body segments, rounded). */
const HIP = 0.53;
const SHOULDER = 0.815;
const THIGH = 0.26;
const SHIN = 0.24;
const UPPER_ARM = 0.18;
const FOREARM = 0.16;

/** How far legs and arms swing, radians. */
const STRIDE = 0.48;
const ARM_SWING = 0.5;
const KNEE_BEND = 0.85;

/** Two steps of a walk take as much way as this share of the height. */
const CYCLE = 0.82;

/** Draws walker `w` as of frame `n` into a picture `width` px wide. */
export function drawWalker(painter: DemoPainter, w: Walker, n: number, width: number): void {
  const way = (n + w.ahead) * Math.abs(w.speed);
  const along = (way % (width + 2 * MARGIN)) - MARGIN;
  const x = w.speed > 0 ? along : width - along;
  const facing = Math.sign(w.speed);
  const phase = (way / (w.tall * CYCLE)) * 2 * Math.PI;
  // The body is highest where the legs pass each other.
  const sink = w.tall * 0.012 * (1 - Math.cos(2 * phase));
  const hipY = w.floor - w.tall * HIP + sink;
  const shoulderY = w.floor - w.tall * SHOULDER + sink;
  painter.ellipse(x, w.floor, w.tall * 0.17, w.tall * 0.025, SHADOW);
  drawArm(painter, w, x, shoulderY, facing, phase, FAR_SHADE);
  drawLeg(painter, w, x, hipY, facing, phase + Math.PI, FAR_SHADE);
  drawLeg(painter, w, x, hipY, facing, phase, 0);
  drawTrunk(painter, w, x, hipY, shoulderY);
  drawHead(painter, w, x + facing * w.tall * 0.008, shoulderY, facing);
  drawArm(painter, w, x, shoulderY, facing, phase + Math.PI, 0);
}

/** What the floor looks like under a walker. */
const SHADOW: Colour = [92, 125, 132];

function drawLeg(p: DemoPainter, w: Walker, x: number, y: number, facing: number, phase: number, shaded: number): void {
  const { tall } = w;
  const thigh = STRIDE * Math.sin(phase);
  // The knee bends while the leg comes forward, and is straight when it bears weight.
  const shin = thigh - KNEE_BEND * Math.max(0, Math.cos(phase)) ** 1.5;
  const [kneeX, kneeY] = [x + facing * tall * THIGH * Math.sin(thigh), y + tall * THIGH * Math.cos(thigh)];
  const [ankleX, ankleY] = [kneeX + facing * tall * SHIN * Math.sin(shin), kneeY + tall * SHIN * Math.cos(shin)];
  const trousers = shade(w.trousers, shaded);
  p.limb(x, y, tall * 0.058, kneeX, kneeY, tall * 0.042, trousers);
  p.limb(kneeX, kneeY, tall * 0.042, ankleX, ankleY, tall * 0.028, trousers);
  const [heel, toe] = [facing * tall * 0.012, facing * tall * 0.075];
  const lift = tall * 0.05 * Math.sin(shin);
  p.limb(
    ...([ankleX - heel, ankleY + tall * 0.018, tall * 0.02] as const),
    ...([ankleX + toe, ankleY + tall * 0.024 - lift, tall * 0.014] as const),
    shade(w.shoes, shaded),
  );
}

function drawArm(p: DemoPainter, w: Walker, x: number, y: number, facing: number, phase: number, shaded: number): void {
  const { tall } = w;
  const upper = ARM_SWING * Math.sin(phase);
  const fore = upper + 0.28 + 0.2 * Math.max(0, Math.sin(phase));
  const top = y + tall * 0.03;
  const [elbowX, elbowY] = [x + facing * tall * UPPER_ARM * Math.sin(upper), top + tall * UPPER_ARM * Math.cos(upper)];
  const [handX, handY] = [elbowX + facing * tall * FOREARM * Math.sin(fore), elbowY + tall * FOREARM * Math.cos(fore)];
  const coat = shade(w.coat, shaded === 0 ? -8 : shaded);
  p.ellipse(handX, handY, tall * 0.024, tall * 0.03, shade(w.skin, shaded));
  if (w.bag && shaded === 0) drawBag(p, w.bag, handX, handY, tall);
  p.limb(x, top, tall * 0.042, elbowX, elbowY, tall * 0.032, coat);
  p.limb(elbowX, elbowY, tall * 0.032, handX, handY - tall * 0.012, tall * 0.024, coat);
}

function drawBag(p: DemoPainter, colour: Colour, x: number, y: number, tall: number): void {
  p.box(x - tall * 0.012, y, tall * 0.024, tall * 0.04, shade(colour, -20));
  p.box(x - tall * 0.085, y + tall * 0.035, tall * 0.17, tall * 0.115, colour);
  p.box(x - tall * 0.085, y + tall * 0.07, tall * 0.17, tall * 0.008, shade(colour, -20));
}

function drawTrunk(p: DemoPainter, w: Walker, x: number, hipY: number, shoulderY: number): void {
  const { tall } = w;
  p.limb(x, shoulderY + tall * 0.05, tall * 0.085, x, hipY + tall * 0.01, tall * 0.075, w.coat);
  // The coat's hem and a lighter front.
  p.limb(x, hipY, tall * 0.076, x, hipY + tall * 0.06, tall * 0.07, w.coat);
  p.box(x - tall * 0.078, hipY - tall * 0.035, tall * 0.156, tall * 0.014, shade(w.coat, -24));
}

function drawHead(p: DemoPainter, w: Walker, x: number, shoulderY: number, facing: number): void {
  const { tall } = w;
  const y = shoulderY - tall * 0.105;
  p.limb(x, y + tall * 0.05, tall * 0.03, x, shoulderY, tall * 0.035, shade(w.skin, -14));
  p.ellipse(x - facing * tall * 0.012, y - tall * 0.012, tall * 0.06, tall * 0.072, w.hair);
  p.ellipse(x + facing * tall * 0.012, y + tall * 0.006, tall * 0.046, tall * 0.06, w.skin);
  // The nose, the hair over the forehead, the ear.
  p.limb(
    ...([x + facing * tall * 0.048, y, tall * 0.008] as const),
    ...([x + facing * tall * 0.06, y + tall * 0.014, tall * 0.007] as const),
    w.skin,
  );
  p.ellipse(x + facing * tall * 0.004, y - tall * 0.05, tall * 0.05, tall * 0.026, w.hair);
  p.ellipse(x - facing * tall * 0.014, y + tall * 0.008, tall * 0.011, tall * 0.016, shade(w.skin, -18));
}
