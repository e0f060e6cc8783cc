/**
 * Tampers with real clips and says what the view guard makes of it: `npx tsx benchmarks/guard/run.ts`. Clips lie in
 * `$VEILGATE_DATA/video` (default ../shared/data).
 */
import { resolve } from 'node:path';
import { lumaFrames } from './clip.js';
import { AT, FPS, TAMPERS } from './tampers.js';
import { watch, ZONES } from './watch.js';

const SIZE = { width: 640, height: 360 };
const folder = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video');
const clips = ['vtest.mp4', 'bottles.mp4'].map((name) => resolve(folder, name));
/** Where in the clips the tampering is tried, s. */
const STARTS = [0, 12, 24];
const SECONDS = 8;
/** Kinds after which the zone lies elsewhere. */
const MOVES = /^(shift|rotate|zoom|another view)/;

console.log(
  `| tamper | must trip | withheld | delay, frames (worst) | leaked frames at look-ahead 0 / 2 / 5 | verdicts |`,
);
console.log('| --- | --- | --- | --- | --- | --- |');
for (const { kind, filter, mustTrip } of TAMPERS) {
  const runs = [];
  for (const clip of clips)
    for (const start of STARTS) {
      const args = ['-ss', String(start), '-t', String(SECONDS), '-r', String(FPS)];
      runs.push(await watch(lumaFrames(clip, SIZE, filter, args), SIZE, ZONES));
    }
  const early = runs.filter(({ first }) => first !== null && first < AT).length;
  const caught = runs.filter(({ first }) => first !== null && first >= AT);
  const delay = Math.max(0, ...caught.map(({ first }) => first! - AT));
  // What does not move the picture leaves the zone where it was, and masked.
  const late = MOVES.test(kind) ? delay : 0;
  const leaked = [0, 2, 5].map((ahead) => (mustTrip ? Math.max(0, late - ahead) : '-')).join(' / ');
  const verdicts = [...new Set(caught.map(({ verdict }) => verdict))].join(', ');
  const wanted = mustTrip === null ? 'near tolerance' : mustTrip ? 'yes' : 'no';
  const note = early ? ` (${early} before the tampering)` : '';
  console.log(
    `| ${kind} | ${wanted} | ${caught.length}/${runs.length}${note} | ${caught.length ? delay : '-'} | ${leaked} | ${verdicts} |`,
  );
}

for (const clip of clips) {
  for (const filter of ['null', 'hflip', 'crop=540:304:40:20', 'crop=540:304:90:50', "lutyuv=y='val*0.7'"]) {
    const seen = await watch(lumaFrames(clip, SIZE, filter, ['-stream_loop', '1']), SIZE, ZONES);
    const minutes = (seen.frames / FPS / 60).toFixed(1);
    const name = `${clip.split('/').at(-1)}, ${filter}`;
    console.log(
      `undisturbed ${name}: ${seen.frames} frames (${minutes} min at ${FPS} fps), withheld: ${seen.first !== null}, ` +
        `median ${seen.medianMs.toFixed(3)} ms, mean ${seen.meanMs.toFixed(3)} ms a frame`,
    );
  }
}
