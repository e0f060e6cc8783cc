import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { LineCounter } from 'yaml';
import { crossCheckSite } from './cross-checks.js';
import { explain } from './explain.js';
import type { Environment } from './interpolate.js';
import type { Explanation, Path } from './issue.js';
import { normalise } from './normalise.js';
import { type Problem, SiteFileError } from './problem.js';
import { createRedactor, type Redactor } from './redact.js';
import { type ParsedSite, siteSchema } from './schema.js';
import { Secret } from './secret.js';
import type { Site } from './site.js';
import { secretsOfUrl } from './source.js';
import { parseYaml, type SyntaxProblem, type YamlDocument } from './yaml-document.js';
import { type LocatedIssue, readTree, type YamlTree } from './yaml-tree.js';

/** A site of 256 cameras takes a quarter of it. What is larger is not a site file, and would hold up the gateway. */
export const MAX_SITE_FILE_BYTES = 256 * 1024;

export interface LoadedSite {
  readonly site: Site;
  /** Absolute path of the file. */
  readonly path: string;
  /** SHA-256 of the file's bytes, in hex. */
  readonly digest: string;
  /** Values that must not be shown: of variables, and passwords written into the file. */
  readonly secrets: readonly Secret[];
  /** Removes them. */
  readonly redactor: Redactor;
  /** What is wrong with a value though the file alone does not show it, with its place. */
  readonly problemAt: (path: Path, what: Explanation) => Problem;
}

/**
 * Reads, checks and completes a site file. `env` gives the values of its `${VAR}`s (usually `process.env`).
 *
 * @throws SiteFileError with every problem at once, each with its place and cure.
 */
export const loadSite = async (path: string, env: Environment): Promise<LoadedSite> => {
  const bytes = await readBounded(path);
  return { ...parseSite(decode(bytes, path), path, env), digest: createHash('sha256').update(bytes).digest('hex') };
};

/** `loadSite` without the file: `path` names the place in messages, and relative paths are relative to its folder. Pure. */
export const parseSite = (text: string, path: string, env: Environment): Omit<LoadedSite, 'digest'> => {
  const yaml = parseYaml(text);
  const tree = yaml.document === null ? null : readTree(yaml.document, env);
  const redactor = createRedactor(tree?.secrets ?? []);
  const { issues, parsed } = tree === null ? { issues: [], parsed: null } : validate(tree, yaml);
  const problems = [
    ...yaml.problems.map((problem) => place(path, yaml.lines, problem.offset, pathOf(problem, tree), problem)),
    ...issues.map((issue) => place(path, yaml.lines, issue.span.start, issue.path, issue)),
  ]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map((problem) => hideSecrets(problem, redactor));
  const [first, ...others] = problems;
  if (first !== undefined || parsed === null) {
    throw new SiteFileError([first ?? unreadable(path, 'The file could not be read as a site.'), ...others]);
  }
  const secrets = [...new Set([...(tree?.secrets ?? []), ...writtenSecrets(parsed)])];
  const absolute = resolve(path);
  const startOf = (at: Path): number => tree?.locate(at, 'value').start ?? 0;
  return {
    site: normalise(parsed, dirname(absolute)),
    path: absolute,
    secrets: secrets.map((secret) => new Secret(secret)),
    redactor: createRedactor(secrets),
    problemAt: (at, what) => hideSecrets(place(path, yaml.lines, startOf(at), at, what), redactor),
  };
};

/** Everything that is wrong with what was read, and the site where nothing is. */
const validate = (tree: YamlTree, yaml: YamlDocument): { issues: LocatedIssue[]; parsed: ParsedSite | null } => {
  if (tree.issues.some(({ code }) => code === 'yaml-too-large')) return { issues: [...tree.issues], parsed: null };
  if (tree.value === null && yaml.problems.length === 0) {
    const span = { start: 0, end: 0 };
    const cure = 'zones/example.yaml shows what belongs into it.';
    return {
      issues: [{ path: [], at: 'value', span, code: 'empty-file', message: 'The file is empty.', cure }],
      parsed: null,
    };
  }
  const parsed = siteSchema.safeParse(tree.value);
  const unknown = tree.issues.filter(({ at }) => at === 'value').map(({ path }) => path);
  const broken = yaml.problems.find(({ scope }) => scope !== 'value')?.offset ?? Number.POSITIVE_INFINITY;
  const found = [...explain(siteSchema, parsed.error?.issues ?? [], tree.value), ...crossCheckSite(tree.value)]
    .map((issue) => ({ ...issue, span: tree.locate(issue.path, issue.at) }))
    // What follows from a variable that is not set, or from a slip in the YAML, says nothing new.
    .filter(({ path, span }) => span.end < broken && !unknown.some((prefix) => startsWith(path, prefix)));
  return { issues: [...tree.issues, ...found], parsed: parsed.success ? parsed.data : null };
};

/** A cure is often made of the value: where the message had to hide something, it goes as well. A path may be made of what should be a value. */
const hideSecrets = (problem: Problem, { text }: Redactor): Problem => {
  const path = problem.path.map((part) => (typeof part === 'string' ? text(part) : part));
  const message = text(problem.message);
  return message === problem.message
    ? { ...problem, path }
    : { ...problem, path, message, cure: 'Correct the value, which is not shown because it holds a secret.' };
};

const pathOf = ({ scope, offset }: SyntaxProblem, tree: YamlTree | null): Path =>
  tree === null || scope === 'document' ? [] : tree.pathAt(offset);

const startsWith = (path: Path, prefix: Path): boolean => prefix.every((part, index) => path[index] === part);

const place = (file: string, lines: LineCounter, offset: number, path: Path, what: Explanation): Problem => {
  const { line, col } = lines.linePos(offset);
  const { code, message, cure } = what;
  return { file, line: Math.max(line, 1), column: Math.max(col, 1), path, code, message, cure };
};

/** Passwords that stand in the file itself. */
const writtenSecrets = (site: ParsedSite): string[] => [
  ...(site.server.rtspUsers ?? []).map(({ password }) => password),
  ...secretsOfWitness(site.storage.witness),
  ...(site.storage.url === undefined ? [] : secretsOfUrl(site.storage.url)),
  // Of a webhook's address the path is often all that keeps others from posting.
  ...site.notify.webhooks.flatMap(({ url, secret }) => [secret, new URL(url).pathname, ...secretsOfUrl(url)]),
  ...(site.notify.mqtt ? secretsOfUrl(site.notify.mqtt.url) : []),
  ...site.cameras.flatMap(({ ptz }) => (ptz?.service === undefined ? [] : secretsOfUrl(ptz.service))),
  ...site.cameras.flatMap(({ source, publish }) =>
    [source, ...(publish ?? [])].flatMap((target) => (target.kind === 'rtsp' ? secretsOfUrl(target.url) : [])),
  ),
];

/** An address's password, and what stands in its path or query: of a webhook that is often the secret. */
const secretsOfWitness = (place: string | undefined): string[] => {
  if (place === undefined || !/^https?:\/\//i.test(place) || !URL.canParse(place)) return [];
  const { password, pathname, search } = new URL(place);
  return [decodeURIComponent(password), `${pathname}${search}`.slice(1)].filter((text) => text.length > 0);
};

const readBounded = async (path: string): Promise<Buffer> => {
  try {
    await using file = await open(path, 'r');
    const info = await file.stat();
    if (!info.isFile()) {
      throw new SiteFileError([unreadable(path, 'This is not a file.')], 'site-file-unreadable');
    }
    const buffer = Buffer.alloc(MAX_SITE_FILE_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = (await file.read(buffer, length, buffer.length - length)).bytesRead;
    }
    if (length > MAX_SITE_FILE_BYTES) {
      const message = `The file has more than ${MAX_SITE_FILE_BYTES / 1024} KiB.`;
      throw new SiteFileError([unreadable(path, message)], 'site-file-unreadable');
    }
    return buffer.subarray(0, length);
  } catch (cause) {
    if (cause instanceof SiteFileError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    const message = code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read (${code}).`;
    throw new SiteFileError([unreadable(path, message)], 'site-file-unreadable', { cause });
  }
};

const decode = (bytes: Buffer, path: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SiteFileError([unreadable(path, 'The file is not UTF-8 text.')], 'site-file-unreadable', { cause });
  }
};

const unreadable = (file: string, message: string): Problem => ({
  file,
  line: 1,
  column: 1,
  path: [],
  code: 'unreadable',
  message,
  cure: 'Give the path of a site file; zones/example.yaml is one.',
});
