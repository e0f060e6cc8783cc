import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';

/** What stands beside the code and is not part of it. */
const NOT_PRODUCT = '\\.(test|fixture)\\.ts$';

/** Nothing of this may be reached from code that is called pure. */
const IO =
  '^(node:)?(fs|net|dgram|http|https|http2|tls|child_process|worker_threads|cluster|dns|process|readline)($|/)';

const forbidden: IForbiddenRuleType[] = [
  // A session and its connection may know each other by type; nothing may need the other to load.
  { name: 'no-circles', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  {
    name: 'masking-is-pure',
    from: { path: '^src/masking/' },
    to: { path: `${IO}|node_modules/(?!robust-predicates)` },
  },
  {
    name: 'masking-knows-zones-alone',
    from: { path: '^src/masking/' },
    to: { path: '^src/(?!masking/|zones/zone|errors)' },
  },
  {
    name: 'guard-is-pure',
    from: { path: '^src/guard/' },
    to: { path: `${IO}|node_modules/` },
  },
  {
    name: 'guard-knows-zones-and-masking-alone',
    from: { path: '^src/guard/' },
    to: { path: '^src/(?!guard/|masking/|zones/zone|errors)' },
  },
  { name: 'rules-are-pure', from: { path: '^src/rules/' }, to: { path: `${IO}|node_modules/` } },
  {
    name: 'rules-know-places-and-units-alone',
    from: { path: '^src/rules/' },
    to: { path: '^src/(?!rules/|config/(site|place)\\.|errors)' },
  },
  {
    name: 'statistics-are-pure',
    from: { path: '^src/validate/stats/' },
    to: { path: `${IO}|node_modules/|^src/(?!validate/stats/)` },
  },
  {
    name: 'nothing-needs-validation',
    from: { path: '^src/(?!validate/|commands/|cli)' },
    to: { path: '^src/validate/' },
  },
  // Nothing that a sign's reading rests on opens files but what opens its models.
  {
    name: 'signs-are-read-in-memory',
    from: { path: '^src/vision/sign/(?!open|sign-eye)' },
    to: { path: `${IO}|node_modules/|^src/vision/(runtime|picture)`, dependencyTypesNot: ['type-only'] },
  },
  { name: 'wire-is-pure', from: { path: '^src/rtsp/wire/' }, to: { path: `${IO}|node_modules/` } },
  { name: 'wire-stands-alone', from: { path: '^src/rtsp/wire/' }, to: { path: '^src/(?!rtsp/wire/|errors)' } },
  { name: 'payload-is-pure', from: { path: '^src/rtsp/payload/' }, to: { path: `${IO}|node_modules/` } },
  {
    name: 'camera-knows-no-control',
    from: { path: '^src/camera/' },
    to: { path: '^src/(control|http|record|commands)/' },
  },
  {
    name: 'rtsp-knows-no-cameras',
    from: { path: '^src/rtsp/' },
    to: { path: '^src/(camera|control|http|masking|zones|config)/' },
  },
  {
    name: 'live-is-pure',
    from: { path: '^src/live/' },
    to: { path: `${IO}|node_modules/|^src/(?!live/|rtsp/payload/|rtsp/published-stream|errors)` },
  },
  // What runs in a browser takes nothing of the gateway but pure geometry, words of zones, and types.
  {
    name: 'console-is-a-page',
    from: { path: '^src/console/', pathNot: 'vite\\.config' },
    to: { path: `${IO}|^src/(?!console/|zones/(zone|coverage|uncovered-area)|masking/polygon|http/[a-z-]*schemas)` },
  },
  {
    name: 'console-takes-types-of-schemas',
    from: { path: '^src/console/' },
    to: { path: '^src/http/', dependencyTypesNot: ['type-only'] },
  },
  { name: 'nothing-needs-the-console', from: { path: '^src/(?!console/)' }, to: { path: '^src/console/' } },
  { name: 'engine-in-camera-alone', from: { path: '^src/(?!camera/)' }, to: { path: 'node_modules/node-av' } },
  { name: 'models-in-vision-alone', from: { path: '^src/(?!vision/)' }, to: { path: 'node_modules/onnxruntime' } },
  {
    name: 'verdicts-on-places-are-pure',
    from: { path: '^src/vision/place/(?!classify)' },
    to: { path: `${IO}|node_modules/(?!zod)` },
  },
  {
    name: 'vision-knows-no-control',
    from: { path: '^src/vision/' },
    to: { path: '^src/(control|http|record|commands)/' },
  },
  {
    name: 'store-alone-knows-databases',
    from: { path: '^src/(?!record/store/)' },
    to: { path: 'node_modules/(libsql|pg)/' },
  },
  {
    name: 'record-knows-no-cameras',
    from: { path: '^src/record/' },
    to: { path: '^src/(camera|control|http|commands)/' },
  },
  {
    name: 'camera-knows-the-link-alone-of-vision',
    from: { path: '^src/camera/' },
    to: { path: '^src/vision/(?!link/)' },
  },
  {
    name: 'control-runs-no-model',
    from: { path: '^src/control/' },
    to: { path: '^src/vision/(?!link/|messages|watched-camera|place/verdict|sign/sign-over-time)' },
  },
  {
    name: 'control-loads-no-engine',
    from: { path: '^src/control/' },
    to: { path: '^src/camera/(decode|encode|ingest)/' },
  },
  // A raw picture is made by one, carried by types alone, and opened by one.
  {
    name: 'jpeg-codec-behind-the-choke-point-or-the-commissioning-view',
    from: { path: '^src/', pathNot: '^src/camera/(encode/jpeg|commission/encode-raw)\\.ts$' },
    to: { path: '^src/camera/encode/jpeg-codec' },
  },
  {
    name: 'raw-pictures-are-made-in-one-place',
    from: { path: '^src/', pathNot: '^src/camera/commission/commission-view\\.ts$' },
    to: { path: '^src/camera/commission/encode-raw' },
  },
  {
    name: 'raw-pictures-are-granted-in-one-place',
    from: { path: '^src/', pathNot: '^src/camera/pipeline\\.ts$' },
    to: { path: '^src/camera/commission/commission-view' },
  },
  {
    name: 'raw-pictures-are-a-type-to-all-others',
    from: { path: '^src/', pathNot: '^src/(camera/commission/encode-raw|http/commission-routes)\\.ts$' },
    to: { path: '^src/camera/commission/raw-jpeg', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'raw-pictures-reach-no-record-and-no-stream',
    from: { path: '^src/(record|rtsp|live|preview|rules|vision|validate|console|zones|masking)/' },
    to: { path: '^src/(camera|control)/commission/' },
  },
  {
    name: 'http-sees-control-alone',
    from: { path: '^src/http/' },
    to: { path: '^src/camera/(decode|encode|ingest|pipeline|worker)' },
  },
];

describe('the architecture', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    const { output } = await cruise(
      ['src'],
      {
        ruleSet: { forbidden },
        validate: true,
        exclude: { path: NOT_PRODUCT },
        tsPreCompilationDeps: true,
        doNotFollow: { path: 'node_modules' },
      },
      {},
      { tsConfig: undefined } as never,
    );
    result = output as ICruiseResult;
  }, 60_000);

  it('is seen whole by the test', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.ts$/.test(name) && !new RegExp(NOT_PRODUCT).test(name),
    );
    const seen = result.modules.filter(({ source }) => source.startsWith('src/') && source.endsWith('.ts'));
    expect(seen.length).toBe(files.length);
    expect(result.summary.totalDependenciesCruised).toBeGreaterThan(files.length);
  });

  it('has every arrow pointing the way it should', () => {
    const found = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    expect(found).toEqual([]);
  });
});

describe('the choke point', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ts$/.test(name) && !new RegExp(NOT_PRODUCT).test(name))
    .map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }));
  const filesWith = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

  it('hands frames to an encoder in two places, and what leads there takes nothing but a MaskedFrame', () => {
    expect(filesWith(/\.sendFrame(Sync)?\(/).sort()).toEqual([
      'camera/encode/encoder.ts',
      'camera/encode/jpeg-codec.ts',
    ]);
    for (const { name, text } of sources.filter(({ name }) => /^camera\/encode\/(encoder|jpeg)\.ts$/.test(name))) {
      const takers = [...text.matchAll(/\bencode(?:Jpeg)?\(\s*([^,)]*)/g)].map((match) => match[1]!.trim());
      expect(takers.length, name).toBeGreaterThan(0);
      for (const taker of takers) expect(taker, name).toMatch(/^masked: MaskedFrame<Canvas>$/);
    }
  });

  it('makes a MaskedFrame in one place', () => {
    expect(filesWith(/new Masked\(/)).toEqual(['masking/masked-frame.ts']);
    expect(filesWith(/as (unknown as )?MaskedFrame/)).toEqual([]);
  });

  it('has one way round it: a raw picture is sealed, opened and granted in one file each', () => {
    expect(filesWith(/compressJpeg\(/).sort()).toEqual([
      'camera/commission/encode-raw.ts',
      'camera/encode/jpeg-codec.ts',
      'camera/encode/jpeg.ts',
    ]);
    expect(filesWith(/sealRawJpeg\(/)).toEqual(['camera/commission/encode-raw.ts']);
    expect(filesWith(/openRawJpeg\(/)).toEqual(['http/commission-routes.ts']);
    expect(filesWith(/encodeRaw\(/)).toEqual(['camera/commission/encode-raw.ts']);
    expect(filesWith(/as (unknown as )?RawJpeg/)).toEqual(['camera/commission/raw-jpeg.ts']);
    expect(filesWith(/\bRawJpeg\b/).sort()).toEqual([
      'camera/commission/commission-view.ts',
      'camera/commission/encode-raw.ts',
      'camera/commission/raw-jpeg.ts',
      'camera/messages.ts',
      'camera/pipeline-events.ts',
      'control/camera-control.ts',
      'control/commission/commission-desk.ts',
      'control/commission/raw-pictures.ts',
      'control/gateway.ts',
    ]);
  });

  it('reads and writes no pixels to disk: no engine output format but the offline command’s', () => {
    expect(filesWith(/\.openOutput(Sync)?\(|avioOpen|writeHeader/)).not.toContain('camera/pipeline.ts');
    expect(filesWith(/toBuffer\(\)/).filter((name) => name.startsWith('camera/'))).toEqual([]);
  });
});
