import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ZONE_ACTIONS, ZONE_KINDS, ZONE_STYLES } from '../zones/zone.js';
import { siteJsonSchema } from './json-schema.js';
import { parseSite } from './load.js';
import { PLACES } from './place.js';
import {
  GUARD_ACCEPTS,
  GUARD_MODES,
  HARDWARE_USES,
  OUTPUT_CODECS,
  PREVIEW_KINDS,
  RULE_PACKS,
  TRANSPORTS,
  UNIT_TYPES,
} from './site.js';

const zones = (name: string) => readFileSync(new URL(`../../zones/${name}`, import.meta.url), 'utf8');
const EXAMPLE_ENV = {
  CAM_USER: 'a',
  CAM_PASS: 'b',
  NVR_PASS: 'c',
  VIEWER_PASS: 'd',
  DB_PASS: 'e',
  HOOK_SECRET: 'f'.repeat(16),
  MQTT_PASS: 'g',
};

type Node = { properties?: Record<string, Node>; items?: Node; anyOf?: Node[] };

/** Every key of the schema, by its path without indexes. */
const keysOf = (node: Node, path = ''): string[] => [
  ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    `${path}.${key}`,
    ...keysOf(child, `${path}.${key}`),
  ]),
  ...(node.items === undefined || Array.isArray(node.items) ? [] : keysOf(node.items, path)),
  ...(node.anyOf ?? []).flatMap((form) => keysOf(form, path)),
];

describe('the JSON Schema', () => {
  test('in zones/ is current (npm run schema writes it)', () => {
    expect(JSON.parse(zones('site.schema.json'))).toEqual(siteJsonSchema());
  });

  test('explains every key to an editor', () => {
    const undescribed: string[] = [];
    const visit = (node: Node & { description?: string }, path: string) => {
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        if ((child as { description?: string }).description === undefined) undescribed.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      if (node.items !== undefined && !Array.isArray(node.items)) visit(node.items, path);
      for (const form of node.anyOf ?? []) visit(form, path);
    };
    visit(siteJsonSchema(), '');
    expect(undescribed).toEqual([]);
  });
});

describe('zones/example.yaml', () => {
  test('is valid with the variables that it names', () => {
    expect(parseSite(zones('example.yaml'), 'zones/example.yaml', EXAMPLE_ENV).site.cameras).toHaveLength(2);
  });

  test('shows every key there is', () => {
    const shown = new Set<string>();
    const visit = (value: unknown, path: string): void => {
      if (Array.isArray(value)) for (const item of value) visit(item, path);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, child] of Object.entries(value)) {
          shown.add(`${path}.${key}`);
          visit(child, `${path}.${key}`);
        }
      }
    };
    visit(parse(zones('example.yaml')), '');
    const unitOfCamera = /^\.cameras\.responsibleUnit\./; // shown at the site
    const missing = keysOf(siteJsonSchema()).filter((key) => !shown.has(key) && !unitOfCamera.test(key));
    expect(missing).toEqual([]);
  });
});

test('zones/demo.yaml is valid, and keeps its data in the project', () => {
  const { site } = parseSite(zones('demo.yaml'), 'zones/demo.yaml', {});
  expect(site.storage.dir).toBe(new URL('../../data', import.meta.url).pathname);
  expect(site.cameras[0]).toMatchObject({ id: 'demo', source: { kind: 'demo', scene: 'lobby' }, place: 'lobby' });
});

test('no word of a list begins with another one: a word cut short is never another word', () => {
  const lists = [
    PLACES,
    ZONE_KINDS,
    ZONE_ACTIONS,
    ZONE_STYLES,
    GUARD_ACCEPTS,
    GUARD_MODES,
    HARDWARE_USES,
    OUTPUT_CODECS,
    PREVIEW_KINDS,
    RULE_PACKS,
    TRANSPORTS,
    UNIT_TYPES,
  ];
  for (const words of lists) {
    for (const word of words) {
      expect(words.filter((other) => other !== word && other.startsWith(word))).toEqual([]);
    }
  }
});
