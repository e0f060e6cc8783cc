import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ZoneSet } from '../../zones/zone.js';
import { checkDataset } from './check-dataset.js';
import { readCoco } from './coco.js';
import { readCvat } from './cvat.js';
import { type DatasetProblem, formatDatasetProblem } from './item.js';
import { manifestJsonSchema } from './manifest-schema.js';
import { openDataset } from './open-dataset.js';
import { sideOf } from './place-label.js';
import { readCsvManifest } from './read-csv.js';
import { readYamlManifest } from './read-yaml.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veilgate-dataset-'));
});
afterEach(() => rm(dir, { recursive: true }));

const put = async (file: string, content: string | Buffer): Promise<void> => {
  await mkdir(dirname(join(dir, file)), { recursive: true });
  await writeFile(join(dir, file), content);
};
const picture = (shade: number, [width, height] = [64, 48]): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: shade, g: 90, b: 30 } } })
    .jpeg()
    .toBuffer();
const codes = (problems: readonly DatasetProblem[]): string[] => problems.map(({ path, code }) => `${path} ${code}`);

describe('place labels', () => {
  it.each([
    ['locker_room', 'prohibited'],
    ['Locker Room', 'prohibited'],
    ['restroom', 'prohibited'],
    ['更衣室', 'prohibited'],
    ['subway_station-platform', 'allowed'],
    ['lobby', 'allowed'],
    ['hospital_room', 'ambiguous'],
    ['warp-core', null],
  ])('%s is %s', (label, side) => expect(sideOf(label)).toBe(side));

  it("take the dataset's own words first", () => {
    expect(sideOf('Warp Core', { 'warp-core': 'allowed' })).toBe('allowed');
    expect(sideOf('kitchen', { kitchen: 'prohibited' })).toBe('prohibited');
  });
});

describe('a YAML manifest', () => {
  const yaml = `version: 1
name: Lab
labels: { warp-core: allowed }
items:
  - file: a.jpg
    place: bathroom
    tags: { light: night, count: 3 }
  - file: b.mp4
    place: [{ from: 0, to: 4, label: lobby }, { from: 4, label: bathroom }]
    view: []
    people: [{ from: 1, to: 2, zone: door }]
    sign: degraded
    masks: [{ polygon: [[0, 0], [0.5, 0], [0.5, 0.5]] }]
`;

  it('is read with everything it says', () => {
    const { items, labels, problems, name } = readYamlManifest(yaml, 'manifest.yaml');
    expect(problems).toEqual([]);
    expect(name).toBe('Lab');
    expect(labels).toEqual({ 'warp-core': 'allowed' });
    expect(items[0]).toMatchObject({ kind: 'still', tags: { light: 'night', count: '3' }, view: null });
    expect(items[1]).toMatchObject({
      kind: 'clip',
      place: [
        { value: 'lobby', from: 0, to: 4 },
        { value: 'bathroom', from: 4, to: null },
      ],
      view: [],
      people: [{ value: 'door', from: 1, to: 2 }],
      sign: [{ value: 'degraded', from: 0, to: null }],
    });
    expect(items[1]!.masks[0]!.value).toHaveLength(3);
  });

  it('has each bad item named with its line, and the good ones read', () => {
    const { items, problems } = readYamlManifest(yaml.replace('sign: degraded', 'sign: upside-down'), 'm.yaml');
    expect(items).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(formatDatasetProblem(problems[0]!)).toMatch(/^m\.yaml:12: items\[1\]\.sign: /);
    expect(problems[0]!.skippable).toBe(true);
  });

  it.each([
    ['version: 2\nitems: [{ file: a.jpg }]', 1],
    ['version: 1\nitems: []', 2],
    ['version: 1\nitems: [{ file: a.jpg ]', 2],
    ['just words', 1],
  ])('%j cannot be used at all', (text, line) => {
    const { problems } = readYamlManifest(text, 'm.yaml');
    expect(problems[0]).toMatchObject({ skippable: false, line });
  });

  it('has the JSON Schema that is kept in docs (npm run schema)', async () => {
    const kept: unknown = JSON.parse(await readFile('docs/dataset.schema.json', 'utf8'));
    expect(kept).toEqual(JSON.parse(JSON.stringify(manifestJsonSchema())));
  });

  it('is what its JSON Schema describes', async () => {
    const { parse } = await import('yaml');
    const validate = new Ajv.Ajv({ strict: false }).compile(manifestJsonSchema());
    expect(validate(parse(yaml))).toBe(true);
    expect(validate(parse(yaml.replace('sign: degraded', 'sign: upside-down')))).toBe(false);
  });
});

describe('a CSV manifest', () => {
  it('has several lines a clip', () => {
    const { items, problems } = readCsvManifest(
      '\ufefffile,from,to,place,view,mask,tag:light\na.jpg,,,bathroom,,,night\nb.mp4,0,4,lobby,none,"0,0 1,0 1,1",day\nb.mp4,4,9,bathroom,,,\n',
      'm.csv',
    );
    expect(problems).toEqual([]);
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ tags: { light: 'night' }, view: null });
    expect(items[1]).toMatchObject({
      place: [
        { value: 'lobby', from: 0, to: 4 },
        { value: 'bathroom', from: 4, to: 9 },
      ],
      view: [],
    });
    expect(items[1]!.masks).toHaveLength(1);
  });

  it.each([
    ['path,place\na.jpg,lobby\n', 'bad-csv'],
    ['file,colour\na.jpg,red\n', 'bad-csv'],
    ['file,place\n"a.jpg,lobby\n', 'bad-csv'],
    ['file,place\n', 'bad-csv'],
    ['file,sign\na.jpg,perhaps\n', 'bad-manifest'],
    ['file,place\na.txt,lobby\n', 'unknown-format'],
  ])('%j is refused', (text, code) => {
    expect(readCsvManifest(text, 'm.csv').problems[0]).toMatchObject({ code });
  });
});

describe('COCO', () => {
  const coco = {
    images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 50 }],
    categories: [
      { id: 1, name: 'person' },
      { id: 2, name: 'privacy' },
    ],
    annotations: [
      { image_id: 1, category_id: 1, bbox: [10, 10, 40, 40], iscrowd: 0 },
      { image_id: 1, category_id: 2, bbox: [0, 0, 50, 25], segmentation: [[0, 0, 50, 0, 50, 25]] },
    ],
  };

  it('gives boxes in shares of the picture, and masks', () => {
    const { items, problems } = readCoco(JSON.stringify(coco), 'c.json');
    expect(problems).toEqual([]);
    expect(items[0]).toMatchObject({
      size: { width: 100, height: 50 },
      objects: [{ label: 'person', box: [0.1, 0.2, 0.5, 1], ignore: false }],
    });
    expect(items[0]!.masks[0]!.value).toEqual([
      [0, 0],
      [0.5, 0],
      [0.5, 0.5],
    ]);
  });

  it.each([
    [{ ...coco, annotations: [{ image_id: 9, category_id: 1, bbox: [0, 0, 1, 1] }] }, 'bad-manifest'],
    [{ ...coco, annotations: [{ image_id: 1, category_id: 9, bbox: [0, 0, 1, 1] }] }, 'unknown-label'],
    [{ ...coco, annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 0, 1] }] }, 'bad-box'],
    [{ images: [] }, 'bad-manifest'],
  ])('with faults names them', (value, code) => {
    expect(readCoco(JSON.stringify(value), 'c.json').problems[0]).toMatchObject({ code });
  });
});

describe('CVAT', () => {
  it('gives tags of places, boxes and polygons of pictures', () => {
    const { items, problems } = readCvat(
      `<annotations><version>1.1</version><image id="0" name="a.jpg" width="100" height="50">
        <tag label="bathroom"/><tag label="blurry"/><box label="person" xtl="10" ytl="10" xbr="50" ybr="50"/>
        <polygon label="mask" points="0,0;50,0;50,25"/></image></annotations>`,
      'c.xml',
    );
    expect(problems).toEqual([]);
    expect(items[0]).toMatchObject({
      file: 'a.jpg',
      place: [{ value: 'bathroom' }],
      tags: { blurry: 'yes' },
      objects: [{ label: 'person', box: [0.1, 0.2, 0.5, 1] }],
    });
    expect(items[0]!.masks[0]!.value[1]).toEqual([0.5, 0]);
  });

  it('gives the boxes of a video frame by frame', () => {
    const { items } = readCvat(
      `<annotations><meta><task><name>t</name><source>b.mp4</source><original_size><width>100</width><height>50</height></original_size></task></meta>
        <track id="0" label="person"><box frame="3" outside="0" xtl="0" ytl="0" xbr="50" ybr="50"/><box frame="4" outside="1" xtl="0" ytl="0" xbr="50" ybr="50"/></track></annotations>`,
      'c.xml',
    );
    expect(items[0]).toMatchObject({ kind: 'clip', objects: [{ label: 'person', frame: 3 }] });
  });

  it.each(['<annotations><image', '<other/>', '<annotations></annotations>'])('%s is refused', (xml) => {
    expect(readCvat(xml, 'c.xml').problems[0]).toMatchObject({ skippable: false });
  });
});

describe('a dataset of folders', () => {
  it('has every problem named with its path before anything runs', async () => {
    const good = await picture(10);
    await put('bathroom/a.jpg', good);
    await put('bathroom/cut.jpg', good.subarray(0, good.length - 40));
    await put('bathroom/empty.jpg', '');
    await put('bathroom/text.jpg', 'no picture');
    await put('bathroom/tiny.png', await picture(1, [8, 8]));
    await put('lobby/b.jpg', await picture(20));
    await put('lobby/clip.mp4', 'no clip');
    await put('lobby/notes.docx', 'x');
    await put('warp-core/c.jpg', await picture(30));
    await put('stray.jpg', good);
    await put('nothing/.keep', '');
    const opened = await openDataset(dir);
    const { items, problems } = await checkDataset(opened);
    expect(items.map(({ file }) => file)).toEqual(['bathroom/a.jpg', 'lobby/b.jpg']);
    expect(codes(problems)).toEqual([
      'bathroom/cut.jpg broken-picture',
      'bathroom/empty.jpg empty-file',
      'bathroom/text.jpg broken-picture',
      'bathroom/tiny.png wrong-size',
      'lobby/clip.mp4 broken-clip',
      'lobby/notes.docx unknown-format',
      'nothing empty',
      'stray.jpg no-label',
      'warp-core/c.jpg unknown-label',
    ]);
    expect(problems.every(({ skippable }) => skippable)).toBe(true);
  });

  it('takes words of its own from labels.yaml, and sub-folders as a tag', async () => {
    await put('warp-core/night/c.jpg', await picture(30));
    await put('labels.yaml', 'warp-core: prohibited\n');
    const { items, problems } = await checkDataset(await openDataset(dir, 'folders'));
    expect(problems).toEqual([]);
    expect(items[0]).toMatchObject({ tags: { folder: 'night' }, place: [{ value: 'warp-core' }] });
  });

  it('drops a picture that bears labels of both sides', async () => {
    await put('lobby/a.jpg', await picture(10));
    await put('bathroom/a.jpg', await picture(10));
    await put('bathroom/b.jpg', await picture(50));
    const { items, problems } = await checkDataset(await openDataset(dir));
    expect(items.map(({ file }) => file)).toEqual(['bathroom/b.jpg']);
    expect(codes(problems)).toEqual(['bathroom/a.jpg contradiction', 'lobby/a.jpg contradiction']);
  });

  it('has a digest of what its files hold and are called', async () => {
    await put('lobby/a.jpg', await picture(10));
    const digest = async (): Promise<string> => (await checkDataset(await openDataset(dir))).digest;
    const first = await digest();
    expect(await digest()).toBe(first);
    await put('lobby/a.jpg', await picture(11));
    expect(await digest()).not.toBe(first);
  });
});

describe('a manifest whose files are not what it says', () => {
  it('is told so file by file', async () => {
    await put('a.jpg', await picture(10));
    await put(
      'manifest.yaml',
      `version: 1
items:
  - { file: a.jpg, place: lobby, size: [32, 32] }
  - { file: a.jpg, place: lobby }
  - { file: gone.jpg, place: lobby }
  - { file: ../out.jpg, place: lobby }
`,
    );
    const { problems } = await checkDataset(await openDataset(dir));
    expect(codes(problems)).toEqual(['../out.jpg outside', 'a.jpg twice', 'a.jpg wrong-size', 'gone.jpg missing-file']);
  });
});

describe('people who enter a zone', () => {
  const manifest = (zones: string): string =>
    `version: 1\nitems:\n  - { file: clip.mp4, people: [{ zone: door, from: 1, to: 2 }]${zones} }\n`;
  const polygon = '[[0, 0], [1, 0], [1, 1]]';
  const problemsOf = async (zones: string, camera: ZoneSet | null = null): Promise<string[]> => {
    await put('clip.mp4', 'no clip');
    await put('manifest.yaml', manifest(zones));
    const { problems } = await checkDataset(await openDataset(dir), { zones: camera });
    return problems.map(({ code }) => code);
  };

  it('are asked for only where that zone tells of people', async () => {
    const door = `{ id: door, kind: private, action: flag, polygon: ${polygon}, onPerson: alert }`;
    expect(await problemsOf('')).toEqual(['broken-clip', 'unknown-zone']);
    expect(await problemsOf(`, zones: [${door.replace('id: door', 'id: gate')}]`)).toContain('unknown-zone');
    expect(await problemsOf(`, zones: [${door.replace(', onPerson: alert', '')}]`)).toContain('unknown-zone');
    expect(await problemsOf(`, zones: [${door}]`)).toEqual(['broken-clip']);
    const zone = { id: 'door', kind: 'private', polygon: [], action: 'flag', style: 'solid', padding: 0 } as const;
    expect(await problemsOf('', [{ ...zone, onPerson: 'alert' }])).toEqual(['broken-clip']);
  });
});

describe('what is no dataset', () => {
  it('is refused with what was expected', async () => {
    await expect(openDataset(join(dir, 'gone'))).rejects.toMatchObject({ code: 'no-dataset' });
    await expect(openDataset(dir, 'coco')).rejects.toMatchObject({ code: 'no-dataset' });
    await put('labels.yaml', 'x: maybe\n');
    await expect(openDataset(dir)).rejects.toMatchObject({ code: 'bad-labels' });
  });
});
