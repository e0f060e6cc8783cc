/** Zones as other programs write them: our site file, Frigate's configuration, ONVIF's privacy masks. */
import { parse, stringify } from 'yaml';
import { DEFAULT_PADDING_PX, type Point, ZONE_ACTIONS, ZONE_KINDS, ZONE_STYLES, type Zone } from '../../zones/zone.js';

export const FORMATS = ['veilgate', 'frigate', 'onvif'] as const;
export type Format = (typeof FORMATS)[number];

/** What a text could not be read as. */
export class ExchangeError extends Error {
  constructor(readonly code: 'no-zones' | 'unreadable') {
    super(code);
  }
}

export const exportZones = (zones: readonly Zone[], camera: string, format: Format): string => {
  switch (format) {
    case 'veilgate':
      return stringify({ zones: zones.map(plain) }, { flowCollectionPadding: false, lineWidth: 0 });
    case 'frigate':
      return stringify(frigate(zones, camera), { lineWidth: 0 });
    case 'onvif':
      return onvif(zones);
  }
};

/** Reads any of the formats. @throws ExchangeError */
export const importZones = (text: string): Zone[] => {
  const zones = /^\s*</.test(text) ? fromOnvif(text) : fromYaml(text);
  if (zones.length === 0) throw new ExchangeError('no-zones');
  return zones;
};

const plain = ({ id, kind, polygon, action, style, padding, mask }: Zone) => ({
  id,
  kind,
  polygon,
  action,
  style,
  padding,
  ...(mask === 'people' && { mask }),
});

/** Frigate's masks hide an area from detection; its zones name one. Both are points in shares, in one string. */
const frigate = (zones: readonly Zone[], camera: string): object => {
  const points = ({ polygon }: Zone): string => polygon.flat().join(',');
  const masks = zones.filter(({ action }) => action === 'mask');
  const flagged = zones.filter(({ action }) => action === 'flag');
  return {
    cameras: {
      [camera]: {
        ...(masks.length > 0 && { motion: { mask: masks.map(points) } }),
        ...(flagged.length > 0 && {
          zones: Object.fromEntries(
            flagged.map((zone) => [zone.id.replaceAll('-', '_'), { coordinates: points(zone) }]),
          ),
        }),
      },
    },
  };
};

/** ONVIF Media2, CreateMask: the picture's centre is the origin, its edges are at 1 and -1, and y goes up. */
const onvif = (zones: readonly Zone[]): string => {
  const number = (value: number): string => String(Math.round(value * 1e6) / 1e6);
  const masks = zones
    .filter(({ action }) => action === 'mask')
    .map(({ id, polygon, style }) => {
      const points = polygon.map(([x, y]) => `      <tt:Point x="${number(2 * x - 1)}" y="${number(1 - 2 * y)}"/>`);
      const type = { solid: 'Color', pixelate: 'Pixelated', blur: 'Blurred' }[style];
      return `  <tr2:Mask token="${id}">\n    <tr2:Polygon>\n${points.join('\n')}\n    </tr2:Polygon>\n    <tr2:Type>${type}</tr2:Type>\n    <tr2:Enabled>true</tr2:Enabled>\n  </tr2:Mask>\n`;
    });
  const spaces = 'xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<tr2:GetMasksResponse ${spaces}>\n${masks.join('')}</tr2:GetMasksResponse>\n`;
};

const fromOnvif = (text: string): Zone[] => {
  const masks = [...text.matchAll(/<(?:\w+:)?Masks?\b([^>]*)>(.*?)<\/(?:\w+:)?Masks?>/gs)];
  return masks.map(([, attributes = '', inside = ''], index) => {
    const points = [...inside.matchAll(/<(?:\w+:)?Point\b([^>]*)>/g)].map(([, point = '']): Point => {
      const value = (axis: string): number =>
        Number(new RegExp(`\\b${axis}\\s*=\\s*["']([^"']+)["']`).exec(point)?.[1]);
      return checked((value('x') + 1) / 2, (1 - value('y')) / 2);
    });
    const type = /<(?:\w+:)?Type>\s*(\w+)/.exec(inside)?.[1];
    const style = type === 'Pixelated' ? 'pixelate' : type === 'Blurred' ? 'blur' : 'solid';
    return zone({ id: /\btoken\s*=\s*["']([^"']+)["']/.exec(attributes)?.[1], style }, points, index);
  });
};

type Fields = Readonly<Record<string, unknown>>;

const fromYaml = (text: string): Zone[] => {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0 });
  } catch {
    throw new ExchangeError('unreadable');
  }
  const own = Array.isArray(document) ? document : fieldsOf(document).zones;
  if (Array.isArray(own))
    return own.map((entry, index) => zone(fieldsOf(entry), pointsOf(fieldsOf(entry).polygon), index));
  const cameras = Object.values(fieldsOf(fieldsOf(document).cameras)).map(fieldsOf);
  return cameras.flatMap(({ motion, zones, objects }) => {
    const masks = [fieldsOf(motion).mask, fieldsOf(objects).mask].flat().filter((mask) => typeof mask === 'string');
    const named = Object.entries(fieldsOf(zones));
    return [
      ...masks.map((mask, index) => zone({}, pointsOf(mask), index)),
      ...named.map(([id, entry], index) =>
        zone({ id, action: 'flag' }, pointsOf(fieldsOf(entry).coordinates), masks.length + index),
      ),
    ];
  });
};

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** `[[x, y], ...]`, or Frigate's `x,y,x,y`, also as a list of numbers. */
const pointsOf = (value: unknown): Point[] => {
  const numbers = (typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value.flat() : []).map(Number);
  if (numbers.length < 6 || numbers.length % 2 !== 0) throw new ExchangeError('unreadable');
  return Array.from({ length: numbers.length / 2 }, (_, i) => checked(numbers[2 * i]!, numbers[2 * i + 1]!));
};

/** Frigate's old files count in pixels of a size that they do not tell: refused rather than guessed. */
const checked = (x: number, y: number): Point => {
  if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) throw new ExchangeError('unreadable');
  return [x, y];
};

const zone = (fields: Fields, polygon: readonly Point[], index: number): Zone => {
  const oneOf = <T extends string>(words: readonly T[], value: unknown, otherwise: T): T =>
    words.find((word) => word === value) ?? otherwise;
  const padding = Number(fields.padding ?? DEFAULT_PADDING_PX);
  return {
    id: slugOf(fields.id) || `zone-${index + 1}`,
    kind: oneOf(ZONE_KINDS, fields.kind, 'private'),
    polygon,
    action: oneOf(ZONE_ACTIONS, fields.action, 'mask'),
    style: oneOf(ZONE_STYLES, fields.style, 'solid'),
    padding: Number.isInteger(padding) && padding >= 0 && padding <= 256 ? padding : DEFAULT_PADDING_PX,
  };
};

const slugOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 64)
    : '';
