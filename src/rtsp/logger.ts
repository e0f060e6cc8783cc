/** Where events go: a fact as fields, and a line for people. Shaped like pino's logger, which fits as it is. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const ignore = (): void => {};

/** Says nothing. */
export const SILENT_LOGGER: Logger = { debug: ignore, info: ignore, warn: ignore };
