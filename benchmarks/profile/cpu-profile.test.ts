import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCpuProfile, selfTimes } from './cpu-profile.js';

const frame = (functionName: string, url = '') => ({
  functionName,
  url,
  scriptId: '0',
  lineNumber: 9,
  columnNumber: 0,
});

/** root -> decode (a library of native code) -> native; root -> idle. */
const PROFILE = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 4] },
    { id: 2, callFrame: frame('decode', `file:///x/node_modules/node-av/codec.js`), children: [3] },
    { id: 3, callFrame: frame('SomethingElse') },
    { id: 4, callFrame: frame('(idle)') },
  ],
  startTime: 0,
  endTime: 10_000,
  samples: [2, 3, 3, 4, 2],
  timeDeltas: [0, 1000, 2000, 3000, 4000],
};

it('counts the time of each function, leaves idle time out and tells native code by who calls it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-test-'));
  try {
    const path = join(folder, 'x.cpuprofile');
    writeFileSync(path, JSON.stringify(PROFILE));
    const { root, seconds } = readCpuProfile(path);
    expect(seconds).toBe(0.01);
    expect(root.total).toBe(6);
    const [native, decode] = selfTimes(root);
    expect(native![0]).toMatch(/^native, called by decode .*node-av\/codec\.js:10$/);
    expect([native![1], decode![1]]).toEqual([5, 1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
