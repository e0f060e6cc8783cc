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
  const site = document.contents as YAMLMap | null;
  const cameras = site?.get('cameras', true);
  if (isSeq(cameras) && cameras.items.length === 0 && !site?.flow) return begun(text, cameras, camera);
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

/** `[]` makes room for the first one, in the lines after it. */
const begun = (text: string, cameras: YAMLSeq, camera: NewCamera): string => {
  const [start, end] = cameras.range!;
  const head = text.slice(0, start).trimEnd();
  return withLines(head + text.slice(end), head.length, `${marginAt(text, start)}  `, camera);
};

const spliced = (text: string, cameras: YAMLSeq, camera: NewCamera): string => {
  const [start] = cameras.range!;
  const margin = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const end = (cameras.items.at(-1) as YAMLMap).range![1];
  return withLines(text, text[end - 1] === '\n' ? end - 1 : end, margin, camera);
};

/** White space that the line begins with. */
const marginAt = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))![0];

/** The camera in lines of its own, after the one of `at`. */
const withLines = (text: string, at: number, margin: string, camera: NewCamera): string => {
  const entry = cameraEntry(camera).replace(/^(?=.)/gm, margin);
  const lineEnd = text.indexOf('\n', at) + 1;
  return lineEnd === 0 ? `${text}\n${entry}` : `${text.slice(0, lineEnd)}${entry}${text.slice(lineEnd)}`;
};
