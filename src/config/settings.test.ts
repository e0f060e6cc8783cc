import { expect, it } from 'vitest';
import { createRedactor } from './redact.js';
import { settingsOf } from './settings.js';

const SITE = `version: 1
site: { name: Inn, responsibleUnit: Inn }
storage:
  dir: ./data   # on the second disk
  url: postgres://vg:pg-word@db/vg
notify:
  webhooks:
    - { id: desk, url: "https://hooks.example/T0P-path", secret: hook-word-0123456789 }
cameras:
  - id: lobby
    source: rtsp://\${CAM_USER}:cam-word@10.0.0.5/user=admin&password=path-word
    zones:
      - { id: door, kind: restroom, polygon: [[0, 0], [1, 0], [1, 1]] }
`;

it('tells what the file says and where, and no secret of it', () => {
  const settings = settingsOf(SITE, createRedactor(['path-word']));
  expect(settings).toContainEqual({ path: 'site.name', value: 'Inn', line: 2 });
  expect(settings).toContainEqual({ path: 'storage.dir', value: './data', line: 4 });
  expect(settings).toContainEqual({ path: 'storage.url', value: '***', line: 5 });
  expect(settings).toContainEqual({ path: 'cameras[0].id', value: 'lobby', line: 10 });
  const told = JSON.stringify(settings);
  for (const secret of ['pg-word', 'T0P-path', 'hook-word', 'cam-word', 'CAM_USER', 'path-word', 'polygon'])
    expect(told, secret).not.toContain(secret);
  expect(told).toContain('10.0.0.5');
});
