import { Composer, type CST, type Document, LineCounter, Parser, type YAMLError } from 'yaml';
import type { Explanation } from './issue.js';

/** A fault of the YAML itself; `offset` counts UTF-16 units from the start of the text. */
export interface SyntaxProblem extends Explanation {
  readonly offset: number;
  /** What it spoils: one value, everything that follows, or the document as a whole. */
  readonly scope: 'value' | 'structure' | 'document';
}

export interface YamlDocument {
  /** What could be read, or null where the text is too deep to be looked at. */
  readonly document: Document.Parsed | null;
  readonly lines: LineCounter;
  /** In the order of the text; after a fault of structure none, since what follows is its sequel. */
  readonly problems: readonly SyntaxProblem[];
}

/** A site file is eight levels deep. The composer recurses, and a stack overflow in it can abort the whole process. */
const MAX_DEPTH = 32;
/** One slip often breaks all that follows: more lines would not help anybody. */
const MAX_PROBLEMS = 10;

/** Parses one YAML 1.2 document (core schema, keys are strings, no tags of one's own). Never throws. */
export const parseYaml = (text: string): YamlDocument => {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = findTooDeep(tokens);
  if (deep !== null) return { document: null, lines, problems: [deep] };
  // Repeated keys are found while the tree is read: the composer compares each key with all others, and takes minutes for many.
  const composer = new Composer({ version: '1.2', schema: 'core', strict: true, stringKeys: true, uniqueKeys: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  const faults = [...document!.errors, ...document!.warnings].map((error) => describe(error, tokens));
  if (second !== undefined) {
    faults.push({
      offset: second.range[0],
      scope: 'document',
      code: 'yaml-many-documents',
      message: 'A second document begins here.',
      cure: 'Remove the "---" line: a site file is one document.',
    });
  }
  return { document: document as Document.Parsed, lines, problems: withoutSequels(faults) };
};

/** In the order of the text, up to the first fault of structure: what comes after that is its sequel. */
const withoutSequels = (faults: readonly SyntaxProblem[]): SyntaxProblem[] => {
  const ordered = [...faults].sort((a, b) => a.offset - b.offset);
  const spoiled = ordered.findIndex(({ scope }) => scope !== 'value');
  return (spoiled < 0 ? ordered : ordered.slice(0, spoiled + 1)).slice(0, MAX_PROBLEMS);
};

/** Every token of the flat parser's tree with its depth, without recursing. */
function* walk(tokens: readonly CST.Token[]): Generator<{ token: CST.Token; depth: number }> {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { token, depth } = next;
    if (token.type === 'document') {
      if (token.value !== undefined) open.push({ token: token.value, depth });
    } else if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key) open.push({ token: key, depth: depth + 1 });
        if (value) open.push({ token: value, depth: depth + 1 });
      }
    }
  }
}

const findTooDeep = (tokens: readonly CST.Token[]): SyntaxProblem | null => {
  for (const { token, depth } of walk(tokens)) {
    if (depth <= MAX_DEPTH) continue;
    return {
      offset: token.offset,
      scope: 'document',
      code: 'yaml-too-deep',
      message: `More than ${MAX_DEPTH} levels are nested here.`,
      cure: 'Close the brackets and braces; a site file needs eight levels.',
    };
  }
  return null;
};

/** Where the quoted text begins that is never closed: the library points at the end of the file. */
const findOpenQuote = (tokens: readonly CST.Token[]): number | null => {
  for (const { token } of walk(tokens)) {
    if (token.type !== 'single-quoted-scalar' && token.type !== 'double-quoted-scalar') continue;
    const { source, offset } = token;
    if (source.length === 1 || source.at(-1) !== source[0]) return offset;
  }
  return null;
};

/** Faults of one value, after which the parser still knows where it is. */
const LOCAL: ReadonlySet<YAMLError['code']> = new Set(['TAG_RESOLVE_FAILED', 'BAD_DQ_ESCAPE', 'BAD_SCALAR_START']);

/** The library's messages quote the text, which may hold a password: these do not. */
const EXPLANATIONS: Readonly<Partial<Record<YAMLError['code'], readonly [message: string, cure: string]>>> = {
  BAD_INDENT: [
    'The indentation does not fit, or a bracket is not closed.',
    'Align it with its neighbours, by spaces; close "[" and "{".',
  ],
  BLOCK_IN_FLOW: ['An entry by lines stands inside brackets.', 'Close the bracket before it, or write it within.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'There are two ": " in one line, or a key is not aligned.',
    'Put a text that contains ": " in quotes; align keys by spaces.',
  ],
  BAD_SCALAR_START: ['A text cannot begin with this character.', 'Put the text in quotes.'],
  BAD_DQ_ESCAPE: ['A double-quoted text contains an unknown "\\" escape.', 'Write "\\\\", or use single quotes.'],
  MISSING_CHAR: [
    'A quote, bracket, comma or colon is missing.',
    'Close what was opened; the file may have been cut short.',
  ],
  TAB_AS_INDENT: ['The line is indented by a tab.', 'Indent by spaces.'],
  TAG_RESOLVE_FAILED: ['Tags ("!...") are not allowed.', 'Remove the tag, or put the text in quotes.'],
  MULTILINE_IMPLICIT_KEY: [
    'A key runs over several lines.',
    'Add the ":" after the key, or the quote that is missing.',
  ],
  KEY_OVER_1024_CHARS: ['A key is longer than 1024 characters.', 'A quote may be missing before it.'],
  NON_STRING_KEY: ['A list or a group of keys stands where a key is needed.', 'Write a word, then ":".'],
  UNEXPECTED_TOKEN: ['This cannot stand here.', 'Look for a missing comma, quote or bracket before it.'],
  BAD_DIRECTIVE: ['Directives ("%...") are not allowed.', 'Remove the line, or put the text in quotes.'],
};

const describe = (error: YAMLError, tokens: readonly CST.Token[]): SyntaxProblem => {
  const code = `yaml-${error.code.toLowerCase().replaceAll('_', '-')}`;
  const quote = error.code === 'MISSING_CHAR' ? findOpenQuote(tokens) : null;
  if (quote !== null) {
    return {
      offset: quote,
      scope: 'structure',
      code,
      message: 'The quote that opens here is never closed.',
      cure: 'Close it.',
    };
  }
  const [message, cure] = EXPLANATIONS[error.code] ?? [
    'This is not YAML.',
    'Look for a missing quote, bracket or space before it.',
  ];
  return { offset: error.pos[0], scope: LOCAL.has(error.code) ? 'value' : 'structure', code, message, cure };
};
