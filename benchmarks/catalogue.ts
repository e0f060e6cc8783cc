import { alerts } from './alerts/alerts.js';
import type { Benchmark } from './benchmark.js';
import { consolePage } from './console/console.js';
import { cpu } from './cpu/cpu.js';
import { fanOut } from './fan-out/fan-out.js';
import { formats } from './formats/formats.js';
import { guard } from './guard/guard.js';
import { kills } from './kills/kills.js';
import { lateJoin } from './late-join/late-join.js';
import { latency } from './latency/latency.js';
import { leaks } from './leaks/leaks.js';
import { log } from './log/log.js';
import { memory } from './memory/memory.js';
import { micro } from './micro/micro.js';
import { looking } from './people/looking.js';
import { profile } from './profile/profile.js';
import { recovery } from './recovery/recovery.js';
import { scaling, scalingMatrix } from './scaling/scaling.js';
import { soak } from './soak/soak.js';
import { vision } from './vision/vision.js';

/** All questions, in the order in which they are asked. */
export const CATALOGUE: readonly Benchmark[] = [
  cpu,
  scaling,
  latency,
  lateJoin,
  recovery,
  leaks,
  fanOut,
  memory,
  vision,
  scalingMatrix,
  looking,
  formats,
  guard,
  soak,
  alerts,
  log,
  kills,
  consolePage,
  micro,
  profile,
];
