import { IDENTITY, type Similarity } from '../../src/guard/similarity.js';
import type { ViewKind } from '../../src/guard/verdict.js';
import { hand, lamp, nightfall, type Paint, rain, spray } from './paint.js';

/** One way in which a camera is tampered with, as FFmpeg filters on a picture of 640 x 360 and what is painted on it; it begins at frame `AT`. */
export interface Tamper {
  readonly kind: string;
  readonly filter: string;
  readonly paint?: Paint;
  /** From then on the pictures are another camera's. */
  readonly isSwap?: true;
  /** Whether the guard must withhold. null: below the tolerance or near it, only reported. */
  readonly mustTrip: boolean | null;
  /** Where the view is seen `n` frames after it began; left out: in its place. */
  readonly seenAt?: (n: number) => Similarity;
}

/** The first tampered frame: 3 s at 25 frames a second, after the 2 s in which the view is learned. */
export const AT = 75;
export const FPS = 25;

const when = `enable='gte(n,${AT})'`;
/** A part of the picture that is looked at, so that there is something beyond its border. */
const [VIEW_WIDTH, VIEW_HEIGHT] = [448, 252];
const [LEFT, TOP] = [(640 - VIEW_WIDTH) / 2, (360 - VIEW_HEIGHT) / 2];

/** @param percent of the width @param way degrees @param frames that it takes */
export const shift = (percent: number, way = 0, frames = 0): Tamper => {
  const far = (VIEW_WIDTH * percent) / 100;
  const radians = (way * Math.PI) / 180;
  const dx = Math.round(far * Math.cos(radians));
  const dy = Math.max(-TOP, Math.min(TOP, Math.round(far * Math.sin(radians))));
  const come = frames === 0 ? `gte(n,${AT})` : `clip((n-${AT})/${frames},0,1)`;
  return {
    kind: frames === 0 ? `shift ${percent} %` : `pan ${percent} % in ${frames / FPS} s`,
    filter: `crop=${VIEW_WIDTH}:${VIEW_HEIGHT}:x='${LEFT}+${dx}*${come}':y='${TOP}+${dy}*${come}'`,
    mustTrip: percent >= 2 ? true : null,
    seenAt: (n) => {
      const share = frames === 0 ? 1 : Math.min(1, n / frames);
      return { ...IDENTITY, dx: (-dx * share) / VIEW_WIDTH, dy: (-dy * share) / VIEW_WIDTH };
    },
  };
};

export const turn = (degrees: number): Tamper => ({
  kind: `rotate ${Math.abs(degrees)} deg`,
  filter: `rotate='if(gte(n,${AT}),${degrees},0)*PI/180',crop=${VIEW_WIDTH}:${VIEW_HEIGHT}`,
  mustTrip: Math.abs(degrees) >= 3 ? true : null,
  seenAt: () => ({ ...IDENTITY, turn: (degrees * Math.PI) / 180 }),
});

export const zoom = (factor: number): Tamper => ({
  kind: `zoom ${factor}`,
  filter: `zoompan=z='if(gte(on,${AT}),${factor},1)':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=1:s=640x360:fps=${FPS}`,
  mustTrip: factor >= 1.05 ? true : null,
  seenAt: () => ({ ...IDENTITY, zoom: factor }),
});

const level = (name: string, expression: string): Tamper => ({
  kind: name,
  filter: `lutyuv=y='${expression}':${when}`,
  mustTrip: false,
});

const box = (kind: string, area: string, colour: string): Tamper => ({
  kind,
  filter: `drawbox=${area}:color=${colour}:t=fill:${when}`,
  mustTrip: true,
});

export const painted = (kind: string, paint: Paint, mustTrip: boolean): Tamper => ({
  kind,
  filter: 'null',
  paint,
  mustTrip,
});

export const defocus = (sigma: number): Tamper => ({
  kind: `defocus, sigma ${sigma} px`,
  filter: `gblur=${sigma}:${when}`,
  mustTrip: true,
});

/** Reddish light counts more in infrared, and leaves are bright in it: nothing that a filter can know. */
const INFRARED = ['r', 'g', 'b'].map((c) => `${c}r=1.3:${c}g=-.2:${c}b=-.1`).join(':');

/** The kind that the guard calls a tamper by. */
export const EXPECTED: Readonly<Record<string, ViewKind>> = { moved: 'moved', covered: 'covered', defocused: 'lost' };

/** What is done to the clips. Shake is 0.4 % of the width, 3 times a second. */
export const TAMPERS: readonly Tamper[] = [
  ...[0.5, 1, 1.5, 2, 3, 5, 10, 20].map((percent) => shift(percent)),
  shift(20, 0, 2 * FPS),
  ...[0.5, 1, 2, 3, 5, 15].map(turn),
  ...[1.01, 1.02, 1.05, 1.1, 1.3].map(zoom),
  box('covered, 80 %', '0:0:512:360', '0x604030'),
  painted('covered by a hand', hand(0.85, 8), true),
  box('sprayed, all', '0:0:640:360', '0x505050'),
  painted('sprayed within a second', spray(1, FPS), true),
  box('black', '0:0:640:360', 'black'),
  defocus(3),
  defocus(8),
  {
    kind: 'defocus, ramp to 6 px',
    filter: [1, 2, 3, 4, 6]
      .map((sigma, i) => `gblur=${sigma}:enable='between(n,${AT + 5 * i},${sigma === 6 ? 1e6 : AT + 5 * i + 4})'`)
      .join(','),
    mustTrip: true,
  },
  { kind: 'another view (mirrored)', filter: `hflip=${when}`, mustTrip: true },
  { kind: 'source swapped', filter: 'null', isSwap: true, mustTrip: true },
  { kind: 'frozen', filter: `loop=loop=400:size=1:start=${AT},trim=end_frame=400`, mustTrip: true },
  level('exposure x 0.5', 'val*0.5'),
  level('exposure x 1.4', 'clip(val*1.4,0,255)'),
  level('dusk x 0.2', '16+(val-16)*0.2'),
  painted('day to night in 3 s, x 0.15', nightfall(0.15, 3 * FPS), false),
  {
    kind: 'switch to infrared',
    filter: `colorchannelmixer=${INFRARED}:${when}`,
    paint: lamp,
    mustTrip: false,
  },
  painted('rain', rain(400), false),
  { kind: 'noise, +-25', filter: `noise=alls=25:allf=t:${when}`, mustTrip: false },
  {
    kind: 'shake 0.4 %',
    filter: `crop=${VIEW_WIDTH}:${VIEW_HEIGHT}:x='${LEFT}+if(gte(n,${AT}),2*sin(n*0.75),0)':y=${TOP}`,
    mustTrip: false,
  },
];
