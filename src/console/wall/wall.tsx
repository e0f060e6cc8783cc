import { type KeyboardEvent, useRef, useState } from 'react';
import { useCameras } from '../api/cameras.js';
import type { Camera } from '../api/types.js';
import { Choice } from '../parts/choice.js';
import { Icon } from '../parts/icon.js';
import { hrefTo } from '../route.js';
import { useSpeech } from '../words/words.js';
import { NoCameras } from './no-cameras.js';
import { Tile } from './tile.js';

const FILTERS = {
  all: () => true,
  shown: ({ state }: Camera) => state === 'masked',
  hidden: ({ state }: Camera) => state !== 'masked',
} as const;
type Filter = keyof typeof FILTERS;

const COLUMNS = ['auto', '1', '2', '3', '4', '6'] as const;
type Columns = (typeof COLUMNS)[number];

/** All cameras at a glance: what is shown, what is not and why. */
export const Wall = () => {
  const { say } = useSpeech();
  const { value: cameras } = useCameras();
  const [filter, setFilter] = useState<Filter>('all');
  const [columns, setColumns] = useState<Columns>('auto');
  const grid = useRef<HTMLDivElement>(null);
  const isEmpty = cameras?.length === 0;
  const shown = cameras?.filter(FILTERS[filter]) ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.wall}</h1>
        <p role="status" className="summary">
          {cameras && summarise(cameras, say)}
        </p>
        {!isEmpty && (
          <>
            <Choice
              label={say.wall.filter}
              value={filter}
              options={(Object.keys(FILTERS) as Filter[]).map((value) => ({ value, label: say.wall.filters[value] }))}
              onChange={setFilter}
            />
            <Choice
              label={say.wall.columns}
              value={columns}
              options={COLUMNS.map((value) => ({ value, label: value === 'auto' ? say.wall.automatic : value }))}
              onChange={setColumns}
            />
            <button type="button" className="quiet" onClick={() => void grid.current?.requestFullscreen?.()}>
              <Icon name="expand" size={17} /> {say.wall.fullScreen}
            </button>
            <a className="button" href={hrefTo('add-camera')}>
              <Icon name="plus" size={17} /> {say.pages['add-camera']}
            </a>
          </>
        )}
      </div>
      {cameras === null && <p className="loading">{say.loading}</p>}
      {isEmpty && <NoCameras />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its keys are a shortcut between links that Tab reaches too */}
      <div ref={grid} className="wall" data-columns={columns} onKeyDown={moveFocus}>
        {shown.map((camera) => (
          <Tile key={camera.id} camera={camera} />
        ))}
      </div>
      {!isEmpty && <p className="hint keys">{say.wall.keys}</p>}
    </>
  );
};

const summarise = (cameras: readonly Camera[], say: ReturnType<typeof useSpeech>['say']): string => {
  const masked = cameras.filter(FILTERS.shown).length;
  const waiting = cameras.filter(({ pendingLosses }) => pendingLosses !== null).length;
  return say.wall.summary(masked, cameras.length) + (waiting === 0 ? '' : say.clauseGap + say.wall.waiting(waiting));
};

/** Arrow keys go from picture to picture, up and down by what the eye sees as rows. */
const moveFocus = (event: KeyboardEvent<HTMLDivElement>): void => {
  if (event.key === 'f' || event.key === 'F') {
    void event.currentTarget.requestFullscreen?.();
    return;
  }
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.tile-picture')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  const first = links[0]!.getBoundingClientRect().top;
  const inRow = Math.max(1, links.filter((link) => Math.abs(link.getBoundingClientRect().top - first) < 2).length);
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: inRow, ArrowUp: -inRow }[event.key];
  const next = step === undefined ? undefined : links[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
};
