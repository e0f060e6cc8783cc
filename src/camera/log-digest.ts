/** Complaints that come with every picture: a line this often at most, ms, with a count. */
const EVERY_MS = 5000;

/** What is told of many lines: how many there were, and the last of them. */
export interface Digest {
  readonly count: number;
  readonly last: string;
}

/** Takes lines that may come by the thousand; tells the last of them now and then. */
export function digestLines(tell: (digest: Digest) => void): (line: string) => void {
  let count = 0;
  let last = '';
  const flush = (): void => {
    tell({ count, last });
    count = 0;
  };
  return (line) => {
    last = line;
    if (count++ === 0) setTimeout(flush, EVERY_MS);
  };
}
