/** A process that is control as far as packets go: what comes from the worker over IPC, through the masked stream, to the RTSP server. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MaskedPacket } from '../../src/camera/messages.js';
import { MaskedStream } from '../../src/control/masked-stream.js';
import { Timeline } from '../../src/control/timeline.js';
import { RtspServer } from '../../src/rtsp/server.js';

process.once('disconnect', () => process.exit());

const supply = { demand: () => undefined, keyframe: () => undefined };
const stream = new MaskedStream('fan', 'h264', new Timeline(performance.now.bind(performance)), supply);
stream.showPictures();
const server = new RtspServer({
  host: '127.0.0.1',
  port: 0,
  catalogue: { get: (id) => (id === stream.id ? stream : undefined) },
});
await server.listen();
const feeder = fork(fileURLToPath(new URL('./feeder.ts', import.meta.url)), { serialization: 'advanced' });
feeder.on('message', (message) => {
  const { data, keyframe, pts, width, height } = message as MaskedPacket;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  stream.publish({ data: bytes, keyframe, pts, width, height });
});
await stream.describe();
process.send!({ port: server.port });
