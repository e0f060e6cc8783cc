import { VeilgateError } from '../errors.js';
import { type Explanation, formatPath, type Issue, type Path } from './issue.js';

/** One fault of a site file, with its place. */
export interface Problem extends Explanation {
  /** The file, as the caller named it. */
  readonly file: string;
  /** From 1; the column counts UTF-16 units, as editors do. */
  readonly line: number;
  readonly column: number;
  readonly path: Path;
}

/** More would scroll off the screen; the first faults usually explain the rest. */
const MAX_SHOWN = 50;

/** What a person reads: `file:line:column: path: what is wrong`, then the cure on a line of its own. */
export const formatProblems = (problems: readonly Problem[]): string => {
  const shown = problems.slice(0, MAX_SHOWN).map(({ file, line, column, path, message, cure }) => {
    return `${file}:${line}:${column}: ${formatPath(path)}: ${message}\n    ${cure}`;
  });
  if (problems.length > MAX_SHOWN) shown.push(`... and ${problems.length - MAX_SHOWN} more.`);
  return shown.join('\n');
};

/** A site file that cannot be used: `site-file-invalid` (read, but faulty) or `site-file-unreadable`. */
export class SiteFileError extends VeilgateError {
  constructor(
    readonly problems: readonly [Problem, ...Problem[]],
    code: 'site-file-invalid' | 'site-file-unreadable' = 'site-file-invalid',
    options?: ErrorOptions,
  ) {
    super(code, formatProblems(problems), options);
  }
}

/** Zones that came by another way than a file (the API, the store) and cannot be used: `zones-invalid`. */
export class ZonesError extends VeilgateError {
  constructor(readonly issues: readonly Issue[]) {
    super(
      'zones-invalid',
      issues.map(({ path, message, cure }) => `${formatPath(path)}: ${message} ${cure}`).join('\n'),
    );
  }
}
