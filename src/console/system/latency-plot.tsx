import type { CameraMinute } from '../api/types.js';
import { useSpeech } from '../words/words.js';
import { useHistory } from './use-history.js';

const WIDTH = 520;
const HEIGHT = 120;
const LEFT = 44;
const MINUTE_MS = 60_000;
/** No plot goes back less, however short the gateway has run. */
const SHORTEST_MS = 10 * MINUTE_MS;

interface LatencyPlotProps {
  readonly camera: string;
  /** What the plot goes back, ms. */
  readonly span: number;
}

/** Median as a line, up to the 99th percentile as a band; broken where there were no pictures. */
export const LatencyPlot = ({ camera, span }: LatencyPlotProps) => {
  const { say, format } = useSpeech();
  const history = useHistory(camera);
  const now = Date.now();
  const minutes = (history ?? []).filter(({ at }) => Date.parse(at) >= now - span);
  const last = minutes.at(-1);
  if (!last) {
    return (
      <figure className="plot">
        <figcaption>{camera}</figcaption>
        {history && <p className="hint">{say.system.noLatency}</p>}
      </figure>
    );
  }
  const most = Math.max(20, ...minutes.map(({ p99 }) => p99)) * 1.1;
  const from = Math.max(now - span, Math.min(now - SHORTEST_MS, Date.parse(minutes[0]!.at)));
  const x = (at: number): number => LEFT + ((at - from) / (now - from)) * (WIDTH - LEFT);
  const y = (ms: number): number => HEIGHT - 18 - (ms / most) * (HEIGHT - 26);
  const numbers = `${format.milliseconds(last.p50)} / ${format.milliseconds(last.p99)}, ${format.number(last.fps)} ${say.wall.fps}`;
  const label = `${camera}${say.clauseGap}${numbers}`;
  return (
    <figure className="plot">
      <figcaption>{label}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {[0, most / 2.2, most / 1.1].map((ms) => (
          <g key={ms}>
            <line x1={LEFT} x2={WIDTH} y1={y(ms)} y2={y(ms)} />
            <text x={LEFT - 6} y={y(ms) + 4} textAnchor="end">
              {format.number(Math.round(ms))}
            </text>
          </g>
        ))}
        {runsOf(minutes).map((run) => (
          <g key={run[0]!.at}>
            <polygon
              points={[...along(run, x, (one) => y(one.p99)), ...along(run, x, (one) => y(one.p50)).reverse()].join(
                ' ',
              )}
            />
            <polyline points={along(run, x, (one) => y(one.p50)).join(' ')} />
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 3}>
          {format.time(new Date(from))}
        </text>
        <text x={WIDTH} y={HEIGHT - 3} textAnchor="end">
          {format.time(new Date(now))}
        </text>
      </svg>
    </figure>
  );
};

/** Minutes that follow each other. */
const runsOf = (minutes: readonly CameraMinute[]): readonly (readonly CameraMinute[])[] => {
  const runs: CameraMinute[][] = [];
  for (const minute of minutes) {
    const run = runs.at(-1);
    const isNext = run !== undefined && Date.parse(minute.at) - Date.parse(run.at(-1)!.at) <= MINUTE_MS;
    if (isNext) run.push(minute);
    else runs.push([minute]);
  }
  return runs;
};

/** A run from the beginning of its first minute to the end of its last. */
const along = (
  run: readonly CameraMinute[],
  x: (at: number) => number,
  y: (minute: CameraMinute) => number,
): string[] =>
  [
    ...run.map((one) => [Date.parse(one.at), y(one)] as const),
    [Date.parse(run.at(-1)!.at) + MINUTE_MS, y(run.at(-1)!)] as const,
  ].map(([at, height]) => `${Math.min(WIDTH, x(at))},${height}`);
