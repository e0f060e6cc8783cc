/**
 * Looks for objects in the held-out and the evaluation pictures once: they do not depend on the place model. Goes on where it was.
 *
 *     npx tsx models/train/objects.ts <data> <work>
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ObjectDetector } from '../../src/vision/objects/detect.js';
import { decodePicture } from '../../src/vision/picture.js';
import { bestScores, EVIDENCE_FROM } from '../../src/vision/place/evidence.js';
import { evaluation, type FoundObjects, heldOut, objectsFile } from './scores.js';

async function main(data: string, work: string): Promise<void> {
  const file = objectsFile(work);
  const found: FoundObjects = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FoundObjects) : {};
  await using detector = await ObjectDetector.open();
  for (const [at, picture] of [...heldOut(data, work), ...evaluation(data)].entries()) {
    const name = relative(data, picture.file);
    if (found[name]) continue;
    found[name] = bestScores(await detector.detect(await decodePicture(picture.file), { least: EVIDENCE_FROM }));
    if (at % 200 === 0) writeFileSync(file, JSON.stringify(found));
  }
  writeFileSync(file, JSON.stringify(found));
}

const [data, work] = process.argv.slice(2);
if (data && work) await main(data, work);
