import { createHash } from 'node:crypto';
import type { Size, ZoneSet } from './zone.js';

/** What zones a camera is to have: from the site file, or from the API. */
export interface WantedZones {
  readonly zones: ZoneSet;
  /** Why nothing is masked, where nothing is; null otherwise. */
  readonly unmasked: string | null;
}

/** One accepted set of zones of one camera. Never changed, only followed by another one. */
export interface ZoneRevision extends WantedZones {
  /** The camera's id. */
  readonly camera: string;
  /** 1, 2, ... without gaps. */
  readonly revision: number;
  /** The accepted picture size, of which only the aspect ratio counts; null: the first one seen will be accepted. */
  readonly geometry: Size | null;
  /** A person's or program's name. */
  readonly acceptedBy: string;
  /** ISO 8601, UTC. */
  readonly acceptedAt: string;
  /** By what way the set came in. */
  readonly source: 'site-file' | 'api' | 'cli';
  /**
   * `zonesDigest` of what the site file said when it was last heeded, or null. While it still says that, it says nothing new,
   * whatever the API has changed since.
   */
  readonly fileDigest: string | null;
}

/** SHA-256, in hex, of what the zones say: neither their order nor that of their keys counts. */
export const zonesDigest = ({ zones, unmasked }: WantedZones): string => {
  const canonical = zones
    .map(({ id, kind, polygon, action, style, padding, mask, onPerson, dwell }) => {
      const people = { mask, onPerson, dwell };
      // What says nothing of people keeps the digest that it had before anything could be said of them.
      const said = JSON.stringify(people) === '{}' ? [] : [people];
      return JSON.stringify([id, kind, polygon, action, style, padding, ...said]);
    })
    .sort();
  return createHash('sha256')
    .update(JSON.stringify([canonical, unmasked]))
    .digest('hex');
};

/** What a new revision takes from its acceptance; the rest follows from the revision before. */
export interface Acceptance {
  readonly camera: string;
  readonly wanted: WantedZones;
  readonly acceptedBy: string;
  readonly acceptedAt: Date;
  readonly source: ZoneRevision['source'];
  /** A newly accepted picture size; left out, the one before is kept. */
  readonly geometry?: Size | null;
}

/** The revision that follows `previous` (null: the first one). Sets from the file and the CLI, which accepts the file's, count as heeded. */
export const nextRevision = (previous: ZoneRevision | null, acceptance: Acceptance): ZoneRevision => {
  const { camera, wanted, acceptedBy, acceptedAt, source, geometry } = acceptance;
  return {
    camera,
    revision: (previous?.revision ?? 0) + 1,
    zones: wanted.zones,
    unmasked: wanted.unmasked,
    geometry: geometry === undefined ? (previous?.geometry ?? null) : geometry,
    acceptedBy,
    acceptedAt: acceptedAt.toISOString(),
    source,
    fileDigest: source === 'api' ? (previous?.fileDigest ?? null) : zonesDigest(wanted),
  };
};
