import type { SourceConfig } from '../messages.js';
import { DemoSource } from './demo-source.js';
import { FileSource } from './file-source.js';
import { RtspSource } from './rtsp-source.js';
import type { Source, SourceEvents } from './source.js';

/** The source behind a camera's `source:`: `rtsp(s)://`, `demo:NAME`, else a file. */
export function openSource(config: SourceConfig, events: SourceEvents): Source {
  if (/^rtsps?:\/\//i.test(config.url)) return new RtspSource(config, events);
  if (config.url.startsWith('demo:')) return new DemoSource(config.url.slice('demo:'.length), events);
  return new FileSource({ path: config.url, loop: config.loop, pace: 'realtime', whole: false }, events);
}
