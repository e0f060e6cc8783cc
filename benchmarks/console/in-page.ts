/**
 * What runs in the page, as text: notes when each picture of the first video was presented and the number painted into it (as
 * `decoding-client.py` reads it), and counts the pictures of all videos.
 */
export const WATCH = `(() => {
  const video = document.querySelector('.tile video');
  const canvas = document.createElement('canvas');
  const painter = canvas.getContext('2d', { willReadFrequently: true });
  const sightings = [];
  const read = () => {
    const { videoWidth: width, videoHeight: height } = video;
    const [w, h] = [Math.round(width / 40), Math.round(height / 30)];
    const [left, top] = [Math.round(width / 80), Math.round(height / 45)];
    canvas.width = 16 * w;
    canvas.height = 1;
    painter.drawImage(video, left, top + (h >> 1), 16 * w, 1, 0, 0, 16 * w, 1);
    const { data } = painter.getImageData(0, 0, 16 * w, 1);
    let [number, check] = [0, 0];
    for (let block = 0; block < 16; block++) {
      const luma = data[4 * (block * w + (w >> 1)) + 1];
      if (luma >= 80 && luma <= 175) return -1;
      const bit = luma > 127 ? 1 : 0;
      if (block < 12) number |= bit << block;
      else check |= (bit ^ 1) << (block - 12);
    }
    return (number & 15) === check ? number : -1;
  };
  const turn = (now, { expectedDisplayTime }) => {
    sightings.push({ at: Math.max(now, expectedDisplayTime), number: read() });
    video.requestVideoFrameCallback(turn);
  };
  video.requestVideoFrameCallback(turn);
  const shown = () => [...document.querySelectorAll('.tile video')].map((each) => {
    const { totalVideoFrames, droppedVideoFrames } = each.getVideoPlaybackQuality();
    return totalVideoFrames - droppedVideoFrames;
  });
  window.bench = { sightings, shown };
})()`;

/** When the wall stood on the page, and when the first picture of it played, ms after the page was asked for; runs before the page's own scripts. */
export const FIRST_VIEW = `window.firstView = new Promise((resolve) => {
  let wall = null;
  const turn = () => {
    if (wall === null && document.querySelector('.tile')) wall = performance.now();
    const video = document.querySelector('.tile video');
    if (video && video.currentTime > 0 && video.readyState >= 2) resolve({ wall, picture: performance.now() });
    else requestAnimationFrame(turn);
  };
  turn();
})`;
