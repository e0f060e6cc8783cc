import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseSite } from './load.js';
import { SiteFileError } from './problem.js';

const EXAMPLE = readFileSync(new URL('../../zones/example.yaml', import.meta.url), 'utf8');
const ENV = {
  CAM_USER: 'operator',
  CAM_PASS: 'hunter2/@#',
  NVR_PASS: 'correct horse',
  VIEWER_PASS: 'battery"staple',
  DB_PASS: 'over the sea',
  HOOK_SECRET: 'a lighthouse keeper',
  MQTT_PASS: 'marmalade',
};

/** The message, or null where the file is valid. Anything but a SiteFileError fails the test. */
const refusal = (text: string): string | null => {
  try {
    parseSite(text, 'site.yaml', ENV);
    return null;
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    const lines = text.split('\n').length;
    for (const { line, column } of error.problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
    }
    return error.message;
  }
};

describe('whatever is in a site file,', () => {
  test('text of any kind is refused with a problem', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => refusal(text) !== null));
  });

  test('text made of the signs of YAML is refused with a problem', () => {
    const signs = fc.constantFrom(
      '- ',
      ': ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '&a ',
      '*a',
      '|',
      '>',
      '#',
      '? ',
      '!t ',
      'x',
      '1',
      '${',
      '}',
      '\t',
      '---\n',
      '%',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (parts) => refusal(parts.join('')) !== null),
      { numRuns: 2000 },
    );
  });

  test('values of any kind are refused with a problem', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => refusal(stringify(value)) !== null));
  });

  test('values of any kind under the keys of a site are refused or valid, with or without a problem elsewhere', () => {
    const any = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('rtsp://a/b', 0.5, 'restroom', true, [
        [0, 0],
        [1, 0],
        [1, 1],
      ]),
    );
    const zone = fc.record(
      { id: any, kind: any, polygon: any, style: any, action: any, padding: any },
      { requiredKeys: [] },
    );
    const camera = fc.record(
      {
        id: any,
        source: any,
        place: any,
        zones: fc.oneof(any, fc.array(zone)),
        publish: any,
        tls: any,
        sign: any,
        output: any,
        guard: any,
        unmasked: any,
      },
      { requiredKeys: [] },
    );
    const site = fc.record(
      { version: fc.constant(1), site: any, server: any, storage: any, cameras: fc.oneof(any, fc.array(camera)) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(site, (value) => {
        refusal(stringify(value));
      }),
      { numRuns: 200 },
    );
  });

  test('a key named like something that every object has is a key', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(refusal(EXAMPLE.replace('  maxClients: 200', `  ${key}: { http: 0.0.0.0:80 }`))).toContain(
        `There is no key "${key}" here.`,
      );
    }
  });

  test('nesting that would overflow the stack is refused, of every kind', () => {
    const depth = 50_000;
    for (const deep of ['['.repeat(depth), '{a: '.repeat(depth), '- '.repeat(depth), '? '.repeat(depth)]) {
      expect(refusal(`version: 1\ncameras:\n  ${deep}`)).toContain('More than 32 levels are nested here.');
    }
  });

  test('many keys, all different or all the same, are read in linear time', () => {
    const different = Array.from({ length: 20_000 }, (_, index) => `k${index}:`).join('\n');
    expect(refusal(different)).toContain('There is no key "k0" here.');
    expect(refusal('k:\n'.repeat(20_000))).toContain('for the second time');
  });
});

describe('no secret shows', () => {
  const secrets = [
    'hunter2',
    'correct horse',
    'correct%20horse',
    'battery',
    'staple',
    'opensesame',
    'over%20the',
    'lighthouse',
    'marmalade',
  ];
  const expectNone = (text: string) => {
    for (const secret of secrets) expect(text).not.toContain(secret);
  };
  const literal = EXAMPLE.replace('./loading-dock.mp4', 'rtsp://admin:opensesame@10.0.0.7/1').replace(
    /^ {4}loop: .*$/m,
    '',
  );

  test('in a site that is printed, inspected or sent as JSON', () => {
    const loaded = parseSite(literal, 'site.yaml', ENV);
    const { site, secrets: known, redactor } = loaded;
    expectNone(JSON.stringify(loaded));
    expectNone(inspect(loaded, { depth: null, showHidden: true }));
    expectNone(inspect(site, { depth: null, showHidden: true }));
    expectNone(String(site.cameras[0]!.source.kind === 'rtsp' && site.cameras[0]!.source.url));
    expectNone(inspect(structuredClone(site), { depth: null }));
    expect(known.map((secret) => secret.reveal())).toContain('opensesame');
    expectNone(redactor.text('tried operator:hunter2/@# and hunter2%2F%40%23 and opensesame'));
  });

  test('in any message, whichever character of the file is lost', () => {
    for (let at = 0; at < literal.length; at += 7) {
      const message = refusal(literal.slice(0, at) + literal.slice(at + 1));
      if (message !== null) expectNone(message);
    }
  });

  test('in any message, where a value stands under the wrong key', () => {
    for (const key of [
      'id',
      'place',
      'kind',
      'public',
      'lookAhead',
      'zones',
      'http',
      'dir',
      'name',
      'polygon',
      'mode',
    ]) {
      for (const value of ['${CAM_PASS}', '${NVR_PASS}', '${VIEWER_PASS}', 'rtsp://admin:opensesame@10.0.0.5/1']) {
        const text = literal.replace(new RegExp(`\\b${key}: [^\\n]*`), () => `${key}: ${JSON.stringify(value)}`);
        const message = refusal(text);
        if (message !== null) expectNone(message);
      }
    }
  });
});
