import { describe, expect, it } from 'vitest';
import { isBuilt, TestGateway } from '../support/gateway.js';
import { installNode } from '../support/other-node.js';
import { isMissing } from '../support/peer.js';
import { runProgram } from '../support/program.js';

const node = process.platform === 'linux' && process.arch === 'x64' ? await installNode(24) : null;
const cannot = isMissing('ffmpeg') || (process.env.VEILGATE_REQUIRE !== 'all' && !(node && isBuilt()));

describe.skipIf(cannot)('On Node.js 24 the gateway', () => {
  it('masks and publishes the demo scene', async () => {
    expect((await runProgram(node!, ['--version'])).output).toMatch(/^v24\./);
    await using gateway = await TestGateway.start({
      node: node!,
      cameras: [{ id: 'demo', source: 'demo:lobby', zones: [ZONE] }],
    });
    await gateway.reaches('demo', 'masked');
    const client = [
      '-v',
      'error',
      '-rtsp_transport',
      'tcp',
      '-i',
      gateway.url('demo'),
      '-frames:v',
      '10',
      '-f',
      'null',
      '-',
    ];
    expect(await runProgram('ffmpeg', client)).toEqual({ code: 0, output: '' });
    expect((await gateway.snapshot('demo')).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });
});

const ZONE = {
  id: 'door',
  kind: 'restroom',
  polygon: [
    [0.1, 0.2],
    [0.3, 0.2],
    [0.3, 0.6],
    [0.1, 0.6],
  ],
  action: 'mask',
  style: 'solid',
  padding: 16,
} as const;
