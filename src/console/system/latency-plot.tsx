import { useSpeech } from '../words/words.js';
import type { LatencySample } from './latency-history.js';

const WIDTH = 520;
const HEIGHT = 120;
const LEFT = 44;

interface LatencyPlotProps {
  readonly camera: string;
  readonly samples: readonly LatencySample[];
  /** What the plot goes back, ms. */
  readonly span: number;
}

/** Median as a line, up to the 99th percentile as a band. */
export const LatencyPlot = ({ camera, samples, span }: LatencyPlotProps) => {
  const { say, format } = useSpeech();
  const last = samples.at(-1);
  if (!last || samples.length < 2) return <p className="hint">{say.system.noLatency}</p>;
  const most = Math.max(20, ...samples.map(({ p99 }) => p99)) * 1.1;
  const from = last.at - Math.min(span, Math.max(60_000, last.at - samples[0]!.at));
  const x = (at: number): number => LEFT + ((at - from) / (last.at - from)) * (WIDTH - LEFT);
  const y = (ms: number): number => HEIGHT - 18 - (ms / most) * (HEIGHT - 26);
  const line = samples.map(({ at, p50 }) => `${x(at)},${y(p50)}`).join(' ');
  const band = [
    ...samples.map(({ at, p99 }) => `${x(at)},${y(p99)}`),
    ...samples.toReversed().map(({ at, p50 }) => `${x(at)},${y(p50)}`),
  ].join(' ');
  const label = `${camera}${say.clauseGap}${format.milliseconds(last.p50)} / ${format.milliseconds(last.p99)}`;
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
        <polygon points={band} />
        <polyline points={line} />
        <text x={LEFT} y={HEIGHT - 3}>
          {format.time(new Date(from))}
        </text>
        <text x={WIDTH} y={HEIGHT - 3} textAnchor="end">
          {format.time(new Date(last.at))}
        </text>
      </svg>
    </figure>
  );
};
