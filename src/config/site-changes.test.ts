import { expect, it } from 'vitest';
import { parseSite } from './load.js';
import { siteChanges } from './site-changes.js';

const site = (more: string, place = 'lobby') =>
  parseSite(
    `version: 1
site: { name: Riverside, responsibleUnit: Riverside Ltd }
${more}
cameras:
  - { id: yard, source: "demo:lobby", place: yard, zones: [], unmasked: Nothing to hide }
  - { id: lobby, source: "rtsp://admin:hunter2@10.0.0.5/1", place: ${place}, zones: [], unmasked: Nothing to hide }
`,
    '/site.yaml',
    {},
  ).site;

it('an edit of the site file is told by what it changed, and by nothing secret', () => {
  const before = site('zones: { twoPersons: true }', 'restroom');
  const after = site(
    'notify: { webhooks: [{ id: guard, url: "https://u:hunter3@hooks.example/secret", secret: 0123456789abcdef }] }',
  );
  const changes = siteChanges(before, after);
  expect(changes).toContain('zones.twoPersons: true -> false');
  expect(changes).toContain('cameras.lobby.place: "restroom" -> "lobby"');
  expect(changes).toContain('notify.webhooks.guard.url: none -> ***');
  expect(changes.join()).not.toMatch(/hunter|secret"|0123456789/);
  expect(siteChanges(after, after)).toEqual([]);
});

it('another password of a camera is a change that is told without it', () => {
  const after = site('zones: { twoPersons: false }');
  const other = { ...after, cameras: after.cameras.map((camera) => ({ ...camera })) };
  expect(siteChanges(after, other)).toEqual([]);
});
