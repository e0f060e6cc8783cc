import { destination, pino, stdTimeFunctions } from 'pino';
import type { Redactor } from './config/redact.js';
import type { Logger } from './rtsp/logger.js';

/** The log: JSON lines on stderr, one fact each, secrets removed. `VEILGATE_LOG` sets the level (default `info`). */
export function createLogger(redactor: Redactor, env: NodeJS.ProcessEnv): Logger {
  return pino(
    {
      level: env.VEILGATE_LOG ?? 'info',
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactor.value(fields) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          const last = args.length - 1;
          const message: unknown = args[last];
          if (last > 0 && typeof message === 'string') args[last] = redactor.text(message);
          method.apply(this, args);
        },
      },
    },
    destination(2),
  );
}
