/** Copies what the compiler leaves behind: files that the program serves as they are. Run after `tsc`, from the repository's root. */
import { cp, rm } from 'node:fs/promises';

const FOLDERS = ['http/page'];

for (const folder of FOLDERS) {
  await rm(`dist/${folder}`, { recursive: true, force: true });
  await cp(`src/${folder}`, `dist/${folder}`, { recursive: true });
}
