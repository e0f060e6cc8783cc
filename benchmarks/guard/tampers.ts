/** One way in which a camera is tampered with, as FFmpeg filters on a picture of 640 x 360; it begins at frame `AT`. */
export interface Tamper {
  readonly kind: string;
  readonly filter: string;
  /** Whether the guard must withhold. null: below the tolerance or near it, only reported. */
  readonly mustTrip: boolean | null;
}

/** The first tampered frame: 3 s at 25 frames a second, after the 2 s in which the view is learned. */
export const AT = 75;
export const FPS = 25;

const when = `enable='gte(n,${AT})'`;
/** A part of the picture that is looked at, so that there is something beyond its border. */
const [VIEW_WIDTH, VIEW_HEIGHT] = [448, 252];

const shift = (percent: number): Tamper => ({
  kind: `shift ${percent} %`,
  filter: `crop=${VIEW_WIDTH}:${VIEW_HEIGHT}:x='96+if(gte(n,${AT}),${(VIEW_WIDTH * percent) / 100},0)':y=54`,
  mustTrip: percent >= 2 ? true : null,
});
const turn = (degrees: number): Tamper => ({
  kind: `rotate ${degrees} deg`,
  filter: `rotate='if(gte(n,${AT}),${degrees},0)*PI/180',crop=${VIEW_WIDTH}:${VIEW_HEIGHT}`,
  mustTrip: degrees >= 3 ? true : null,
});
const zoom = (factor: number): Tamper => ({
  kind: `zoom ${factor}`,
  filter: `zoompan=z='if(gte(on,${AT}),${factor},1)':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=1:s=640x360:fps=${FPS}`,
  mustTrip: factor >= 1.05 ? true : null,
});
const level = (name: string, expression: string): Tamper => ({
  kind: name,
  filter: `lutyuv=y='${expression}':${when}`,
  mustTrip: false,
});

/** What is done to the clips. Shake is 0.4 % of the width, 3 times a second. */
export const TAMPERS: readonly Tamper[] = [
  ...[0.5, 1, 1.5, 2, 3, 5, 10, 20].map(shift),
  ...[0.5, 1, 2, 3, 5, 15].map(turn),
  ...[1.01, 1.02, 1.05, 1.1, 1.3].map(zoom),
  { kind: 'covered, 80 %', filter: `drawbox=0:0:512:360:color=0x604030:t=fill:${when}`, mustTrip: true },
  { kind: 'sprayed, all', filter: `drawbox=0:0:640:360:color=0x505050:t=fill:${when}`, mustTrip: true },
  { kind: 'black', filter: `drawbox=0:0:640:360:color=black:t=fill:${when}`, mustTrip: true },
  { kind: 'defocus, sigma 3 px', filter: `gblur=3:${when}`, mustTrip: true },
  { kind: 'defocus, sigma 8 px', filter: `gblur=8:${when}`, mustTrip: true },
  { kind: 'another view (mirrored)', filter: `hflip=${when}`, mustTrip: true },
  { kind: 'frozen', filter: `loop=loop=400:size=1:start=${AT},trim=end_frame=400`, mustTrip: true },
  level('exposure x 0.5', 'val*0.5'),
  level('exposure x 1.4', 'clip(val*1.4,0,255)'),
  level('dusk x 0.2', '16+(val-16)*0.2'),
  { kind: 'noise, +-25', filter: `noise=alls=25:allf=t:${when}`, mustTrip: false },
  {
    kind: 'shake 0.4 %',
    filter: `crop=${VIEW_WIDTH}:${VIEW_HEIGHT}:x='96+if(gte(n,${AT}),2*sin(n*0.75),0)':y=54`,
    mustTrip: false,
  },
];
