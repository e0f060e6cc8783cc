/** What the page says about cameras: numbers and states as words. */

export const STATE_NAMES = { starting: 'Starting', masked: 'Masked', withheld: 'Withheld', offline: 'Offline' };

/** An error as a sentence. */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));

/** A time span: `90 s` is `1 min 30 s`. */
export const duration = (ms) => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
};

/** The share comes with encoded pictures: before the first one, 0 means that nothing was measured. */
export const maskedArea = ({ state, maskedArea: share, latency: measured }) => {
  if (state !== 'masked') return 'slate only';
  return share === 0 && measured === null ? 'not measured' : `${(share * 100).toFixed(1)} %`;
};

/** Median and 99th percentile. */
export const latency = (of) => (of === null ? 'none' : `${of.p50.toFixed(1)} / ${of.p99.toFixed(1)} ms`);

/** Where pictures come from, and what they are once that is known. */
export const source = ({ source: of, sourceUrl }) => {
  if (of === null) return sourceUrl;
  const rate = of.fps === null ? '' : `, ${Math.round(of.fps * 100) / 100} a second`;
  return `${sourceUrl} (${of.codec}, ${of.width} × ${of.height}${rate}${of.offersAudio ? ', offers sound' : ''})`;
};

/** All cameras in a line. */
export const summarise = (cameras) => {
  if (cameras.length === 0) return 'No cameras.';
  const masked = cameras.filter(({ state }) => state === 'masked').length;
  const waiting = cameras.filter(({ pendingLosses }) => pendingLosses !== null).length;
  const rest = waiting === 0 ? '' : `, zones of ${waiting} wait for acceptance`;
  return `${masked} of ${cameras.length} ${cameras.length === 1 ? 'camera' : 'cameras'} masked and shown${rest}`;
};
