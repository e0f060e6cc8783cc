import { splitQuoted, unquote } from './parameters.js';

/** One stream of an RTP-Info header (RFC 2326, 12.33): where its RTP begins. */
export interface RtpInfo {
  readonly url: string;
  /** First sequence number, u16. */
  readonly seq?: number | undefined;
  /** RTP timestamp of the range's start, u32. */
  readonly rtptime?: number | undefined;
}

/** Parts without a URL are left out. URLs may carry commas and semicolons, so only `,url=` begins a stream. Never throws. */
export const parseRtpInfo = (value: string): RtpInfo[] => {
  const infos: RtpInfo[] = [];
  for (const part of value.split(/,\s*(?=url\s*=)/i)) {
    const url = /^\s*url\s*=\s*("(?:[^"\\]|\\.)*"|.*?)(?=\s?;\s*(?:seq|rtptime)\s*=|,?$)/i.exec(part)?.[1];
    if (!url) continue;
    const numbers = new Map<string, number>();
    for (const parameter of splitQuoted(part, ';')) {
      const match = /^(seq|rtptime)\s*=\s*(\d{1,10})$/i.exec(parameter.replace(/,$/, ''));
      if (match) numbers.set(match[1]!.toLowerCase(), Number(match[2]));
    }
    infos.push({
      url: unquote(url.trim()),
      seq: within(numbers.get('seq'), 0xffff),
      rtptime: within(numbers.get('rtptime'), 0xffffffff),
    });
  }
  return infos;
};

const within = (value: number | undefined, max: number): number | undefined =>
  value !== undefined && value <= max ? value : undefined;

/** `url=rtsp://...;seq=1;rtptime=2,url=...` */
export const formatRtpInfo = (infos: readonly RtpInfo[]): string =>
  infos
    .map(({ url, seq, rtptime }) => {
      let text = `url=${url}`;
      if (seq !== undefined) text += `;seq=${seq}`;
      if (rtptime !== undefined) text += `;rtptime=${rtptime}`;
      return text;
    })
    .join(',');
