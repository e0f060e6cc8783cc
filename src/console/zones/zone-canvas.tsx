import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import { area } from '../../masking/polygon.js';
import type { Point, Size, Zone } from '../../zones/zone.js';
import { useSpeech } from '../words/words.js';
import {
  addZone,
  clamp,
  type Drawing,
  insertCorner,
  moveCorner,
  moveZone,
  type Problem,
  removeCorner,
  removeZone,
  snap,
  splitZone,
} from './drawing.js';

/** What one arrow key moves, in shares of the picture: a pixel or two, or with Shift a good step. */
const STEP = 0.0025;
const FAR_STEP = 0.025;

/** Corners and edges nearer than this, in shares, catch a dragged corner. */
const SNAP_REACH = 0.008;

/** What is picked: a zone, or one of its corners. */
export interface Pick {
  readonly zone: number;
  readonly corner: number | null;
}

interface ZoneCanvasProps {
  readonly drawing: Drawing;
  readonly size: Size;
  readonly pick: Pick | null;
  readonly onPick: (pick: Pick | null) => void;
  /** A step of its own, or one that goes on with the last. */
  readonly onChange: (next: Drawing, goesOn: boolean) => void;
  /** Corners of the zone that is being drawn; null where none is. */
  readonly outline: readonly Point[] | null;
  readonly onOutline: (outline: readonly Point[] | null) => void;
  readonly problems: readonly Problem[];
  /** Zones in force: what of them is covered no more is red. */
  readonly before: readonly Zone[];
  /** Another revision, to compare with. */
  readonly compared: readonly Zone[] | null;
  readonly preview: boolean;
}

/** What is dragged: from where, and whether it has moved yet. */
interface Drag {
  readonly pick: Pick;
  readonly from: Point;
  readonly start: Drawing;
  readonly moved: boolean;
}

/**
 * Zones over the picture, as SVG: every corner is an element of its own that focus, screen readers and tests can reach. Mouse, pen and
 * touch are the same here (pointer events); the keyboard does all of it too.
 */
export const ZoneCanvas = (props: ZoneCanvasProps) => {
  const { drawing, size, pick, onPick, onChange, outline, onOutline, problems, before, compared, preview } = props;
  const { say, format } = useSpeech();
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<Drag | null>(null);
  const [cursor, setCursor] = useState<Point>([0.5, 0.5]);
  const mask = useId();
  const { width, height } = size;
  const unit = width / 400;

  const shareAt = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const box = svg.current!.getBoundingClientRect();
    return [clamp((clientX - box.left) / box.width), clamp((clientY - box.top) / box.height)];
  };
  const catching = (point: Point, except: Pick | null, free: boolean): Point => {
    if (free) return [clamp(point[0]), clamp(point[1])];
    const others = drawing.zones.flatMap(({ polygon }, zone) =>
      polygon.filter((_, corner) => zone !== except?.zone || corner !== except.corner),
    );
    return snap(point, others, SNAP_REACH);
  };
  const close = (corners: readonly Point[]): void => {
    onOutline(null);
    if (corners.length < 3) return;
    onChange(addZone(drawing, corners), false);
    onPick({ zone: drawing.zones.length, corner: null });
  };
  const setCorner = (point: Point): void => {
    const corners = outline ?? [];
    const first = corners[0];
    const near = first && Math.hypot(first[0] - point[0], first[1] - point[1]) < SNAP_REACH * 1.5;
    if (near && corners.length >= 3) close(corners);
    else onOutline([...corners, point]);
  };

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const target = event.target as SVGElement;
    const { zone, corner } = target.dataset;
    if (outline !== null) {
      setCorner(catching(shareAt(event), null, event.altKey));
      return;
    }
    if (zone === undefined) return onPick(null);
    const picked: Pick = { zone: Number(zone), corner: corner === undefined ? null : Number(corner) };
    onPick(picked);
    drag.current = { pick: picked, from: shareAt(event), start: drawing, moved: false };
    svg.current!.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const point = shareAt(event);
    if (outline !== null) return setCursor(catching(point, null, event.altKey));
    const held = drag.current;
    if (!held) return;
    const { zone, corner } = held.pick;
    const next =
      corner === null
        ? moveZone(held.start, zone, point[0] - held.from[0], point[1] - held.from[1])
        : moveCorner(held.start, zone, corner, catching(point, held.pick, event.altKey));
    onChange(next, held.moved);
    drag.current = { ...held, moved: true };
  };
  const up = (): void => {
    drag.current = null;
  };

  const arrows = ({ key, shiftKey }: KeyboardEvent): Point | null => {
    const by = shiftKey ? FAR_STEP : STEP;
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    return direction ? [direction[0]! * by, (direction[1]! * by * width) / height] : null;
  };
  const drawByKey = (event: KeyboardEvent): boolean => {
    const by = arrows(event);
    if (by) setCursor(([x, y]) => [clamp(x + by[0]), clamp(y + by[1])]);
    else if (event.key === ' ') setCorner(cursor);
    else if (event.key === 'Enter') close(outline!);
    else if (event.key === 'Escape') onOutline(null);
    else if (event.key === 'Backspace') onOutline(outline!.slice(0, -1));
    else return false;
    return true;
  };
  const editByKey = (event: KeyboardEvent): boolean => {
    const { dataset } = event.target as SVGElement;
    if (dataset.zone === undefined) return false;
    const zone = Number(dataset.zone);
    const corner = dataset.corner === undefined ? null : Number(dataset.corner);
    const by = arrows(event);
    if (by && corner === null) onChange(moveZone(drawing, zone, by[0], by[1]), false);
    else if (by && corner !== null) {
      const [x, y] = drawing.zones[zone]!.polygon[corner]!;
      onChange(moveCorner(drawing, zone, corner, [x + by[0], y + by[1]]), false);
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && corner === null) {
      onChange(removeZone(drawing, zone), false);
      onPick(null);
      svg.current?.focus();
    } else if (event.key === 'Delete' || event.key === 'Backspace')
      onChange(removeCorner(drawing, zone, corner!), false);
    else if (event.key === '+' || event.key === 'Insert') onChange(insertCorner(drawing, zone, corner ?? 0), false);
    else if (event.key === 's' || event.key === 'S') onChange(splitZone(drawing, zone, corner ?? 0), false);
    else return false;
    return true;
  };

  const broken = new Set(problems.map(({ zone }) => zone));
  const shape = (polygon: readonly Point[]): string => polygon.map(([x, y]) => `${x * width},${y * height}`).join(' ');
  const masks = drawing.zones.filter(({ action }) => action === 'mask');
  return (
    <svg
      ref={svg}
      className="zone-canvas"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="application"
      aria-label={say.zones.canvas}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keys that draw
      tabIndex={0}
      data-drawing={outline !== null || undefined}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onDoubleClick={() => outline !== null && close(outline)}
      onKeyDown={(event) => {
        if (outline !== null ? drawByKey(event) : editByKey(event)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
    >
      <defs>
        <mask id={mask} maskUnits="userSpaceOnUse" x="0" y="0" width={width} height={height}>
          <rect width={width} height={height} fill="white" />
          {masks.map(({ id, polygon }) => (
            <polygon key={id} points={shape(polygon)} fill="black" />
          ))}
        </mask>
        <pattern id={`${mask}-cells`} width={unit * 10} height={unit * 10} patternUnits="userSpaceOnUse">
          <rect width={unit * 10} height={unit * 10} fill="#8b95a1" />
          <rect width={unit * 5} height={unit * 5} fill="#646e7a" />
          <rect x={unit * 5} y={unit * 5} width={unit * 5} height={unit * 5} fill="#646e7a" />
        </pattern>
      </defs>
      {preview &&
        masks.map(({ id, polygon, padding, style }) => {
          const paint = style === 'solid' ? '#000' : `url(#${mask}-cells)`;
          return (
            <polygon
              key={id}
              className="mask-preview"
              points={shape(polygon)}
              fill={paint}
              stroke={paint}
              strokeWidth={padding * 2}
              strokeLinejoin="miter"
            />
          );
        })}
      <g mask={`url(#${mask})`}>
        {before
          .filter(({ action }) => action === 'mask')
          .map(({ id, polygon }) => (
            <polygon key={id} className="becomes-visible" points={shape(polygon)} />
          ))}
      </g>
      {compared?.map(({ id, polygon }) => (
        <polygon key={id} className="compared" points={shape(polygon)} />
      ))}
      {drawing.zones.map(({ id, polygon, action }, zone) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a zone's place is what it is picked by, and its name may be edited
        <g key={zone} data-picked={pick?.zone === zone || undefined}>
          {/* biome-ignore lint/a11y/useSemanticElements: SVG has no button */}
          <polygon
            className="zone"
            points={shape(polygon)}
            data-zone={zone}
            data-action={action}
            data-broken={broken.has(zone) || undefined}
            role="button"
            tabIndex={outline === null ? 0 : -1}
            aria-label={say.zones.zoneOf(id, format.percent(area(polygon)))}
            onFocus={() => pick?.zone !== zone && onPick({ zone, corner: null })}
          />
          {pick?.zone === zone &&
            polygon.map(([x, y], corner) => (
              // biome-ignore lint/a11y/useSemanticElements: SVG has no button
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: corners have no other name
                key={corner}
                className="corner"
                cx={x * width}
                cy={y * height}
                r={unit * 3.6}
                data-zone={zone}
                data-corner={corner}
                data-picked={pick.corner === corner || undefined}
                role="button"
                tabIndex={0}
                aria-label={say.zones.cornerOf(id, corner + 1, format.percent(x), format.percent(y))}
                onFocus={() => pick.corner !== corner && onPick({ zone, corner })}
              />
            ))}
        </g>
      ))}
      {outline !== null && (
        <g className="outline">
          <polyline points={shape([...outline, cursor])} />
          {outline.map(([x, y], corner) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: corners have no other name
            <circle key={corner} cx={x * width} cy={y * height} r={unit * 2.6} />
          ))}
          <path
            d={`M${cursor[0] * width - unit * 7} ${cursor[1] * height}h${unit * 14}M${cursor[0] * width} ${cursor[1] * height - unit * 7}v${unit * 14}`}
          />
        </g>
      )}
    </svg>
  );
};
