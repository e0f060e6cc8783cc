import { describe, expect, it } from 'vitest';
import { withCamera } from './add-camera.js';
import { parseSite } from './load.js';

const HEAD = 'version: 1\nsite: { name: Inn, responsibleUnit: Inn }\n';
const camera = { id: 'gate', source: 'rtsp://u:p%23@10.0.0.9/a:%20b', place: 'entrance' };

const ids = (text: string) => parseSite(text, 'site.yaml', {}).site.cameras.map(({ id }) => id);

const LIST = `cameras:
  # The lobby has two doors.
  - id: lobby   # by the stairs
    source: demo:lobby
    place: lobby
    zones:
      - id: door
        kind: restroom
        polygon: [[0.10, 0.20], [0.30, 0.20], [0.30, 0.60]]   # measured
`;

describe('a camera is added', () => {
  it.each([
    ['at the end', `${HEAD}${LIST}`],
    ['at an end without a line break', `${HEAD}${LIST}`.trimEnd()],
    [
      'before what follows the cameras, and its comment',
      `${HEAD}${LIST}\n# Kept for a year.\nalerts: { escalateAfter: 5 }\n`,
    ],
    ['to a list at the margin', `${HEAD}${LIST.replace(/^ {2}/gm, '')}`],
    ['to lines that end as in Windows', `${HEAD}${LIST}`.replaceAll('\n', '\r\n')],
  ])('%s, and everything else stays as it was', (_, text) => {
    const after = withCamera(text, camera);
    expect(ids(after)).toEqual(['lobby', 'gate']);
    // One piece was put in, and nothing else touched.
    let same = 0;
    while (after[same] === text[same] && same < text.length) same++;
    const rest = text.slice(same);
    expect(after.endsWith(rest)).toBe(true);
    expect(after.slice(same, after.length - rest.length)).toContain('place: entrance');
    const { site } = parseSite(after, 'site.yaml', {});
    expect(site.cameras[1]).toMatchObject({ place: 'entrance', zones: [{ id: 'everything', kind: 'private' }] });
  });

  it.each([
    ['that is empty', 'cameras: []\n'],
    ['that is empty, with a comment', 'cameras: []   # none yet\n\n# Kept for a year.\nalerts: { escalateAfter: 5 }\n'],
    ['that is empty, at the end of the file', 'cameras: []'],
    ['that is empty, over two lines', 'cameras: [\n]\nalerts: { escalateAfter: 5 }\n'],
    ['that is empty, in lines that end as in Windows', 'cameras: []\r\nalerts: { escalateAfter: 5 }\r\n'],
  ])('as the first one of a list %s, and the next one after it', (_, list) => {
    const first = withCamera(`# Ours.\n${HEAD}${list}`, camera);
    const both = withCamera(first, { ...camera, id: 'yard' });
    expect(ids(both)).toEqual(['gate', 'yard']);
    // The comments and the other lines are where they were, and only the brackets went.
    const kept = list.replace(/ \[\s*\]/, '').split('\n');
    for (const line of ['# Ours.', ...HEAD.split('\n'), ...kept]) expect(both.split('\n')).toContain(line);
    // One line a point would be unreadable.
    expect(first.split('\n').length).toBeLessThan(20);
  });

  it('as the first one of a site in braces', () => {
    const text = '{ version: 1, site: { name: Inn, responsibleUnit: Inn }, cameras: [] }\n';
    expect(ids(withCamera(text, camera))).toEqual(['gate']);
  });

  it.each([
    [
      'in one line',
      'cameras: [{ id: lobby, source: "demo:lobby", place: lobby, zones: [], unmasked: Nothing. }]\n',
      ['lobby', 'gate'],
    ],
  ])('to a list %s, with its comments', (_, list, expected) => {
    const after = withCamera(`# Ours.\n${HEAD}${list}# Last.\n`, camera);
    expect(ids(after)).toEqual(expected);
    expect(after).toMatch(/^# Ours\./);
    expect(after).toContain('# Last.');
  });
});
