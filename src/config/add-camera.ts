/** Writes a camera into the text of a site file. Pure; every other byte stays as it was, comments included. */
import { isMap, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { WHOLE_POLYGON } from '../zones/zone.js';

/** A camera as it is added: it begins wholly masked, until its zones are drawn. */
export interface NewCamera {
  readonly id: string;
  /** As the site file writes it. */
  readonly source: string;
  readonly place: string;
}

/** The text with the camera at the end of `cameras`. The text must be a valid site file. */
export const withCamera = (text: string, camera: NewCamera): string => {
  const document = parseDocument(text);
  const cameras = (document.contents as YAMLMap | null)?.get('cameras', true);
  if (isSeq(cameras) && !cameras.flow) return spliced(text, cameras, camera);
  // A list in one line: there is no place between lines to put it.
  document.addIn(['cameras'], entryOf(camera));
  return document.toString({ lineWidth: 0 });
};

const entryOf = ({ id, source, place }: NewCamera) => ({
  id,
  source,
  place,
  zones: [
    {
      id: 'everything',
      kind: 'private',
      polygon: WHOLE_POLYGON,
    },
  ],
});

/** The camera as an entry of a list, at the left margin. */
export const cameraEntry = (camera: NewCamera): string => {
  const entry = parseDocument(stringify([entryOf(camera)]));
  const zones = entry.getIn([0, 'zones']) as YAMLSeq;
  for (const zone of zones.items) if (isMap(zone)) zone.flow = true;
  return entry.toString({ lineWidth: 0 });
};

const spliced = (text: string, cameras: YAMLSeq, camera: NewCamera): string => {
  const [start] = cameras.range!;
  const margin = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const entry = cameraEntry(camera).replace(/^(?=.)/gm, margin);
  const end = (cameras.items.at(-1) as YAMLMap).range![1];
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1;
  return lineEnd === 0 ? `${text}\n${entry}` : `${text.slice(0, lineEnd)}${entry}${text.slice(lineEnd)}`;
};
