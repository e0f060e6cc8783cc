import { ask } from './api.js';
import { duration, latency, maskedArea, STATE_NAMES, sentence, source } from './words.js';

/** From one picture of a camera to the next, ms. */
const PICTURE_INTERVAL_MS = 1000;

/** A picture older than this, ms, is not shown as if it were the present. */
const PICTURE_STALE_MS = 5000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One camera's place on the page. */
export class Card {
  constructor(id) {
    this.id = id;
    this.root = document.getElementById('camera').content.firstElementChild.cloneNode(true);
    this.find('name').textContent = id;
    this.picture = this.find('picture');
    this.shownAt = 0;
    this.inView = false;
    this.removed = false;
    this.refreshing = false;
    this.find('copy').addEventListener('click', () => this.copy());
  }

  find(name) {
    return this.root.querySelector(`.${name}`);
  }

  write(name, text) {
    const target = this.find(name);
    // Untouched where nothing changed: screen readers and selections stay where they are.
    if (target.textContent !== text) target.textContent = text;
  }

  show(camera) {
    this.root.dataset.state = camera.state;
    this.write('state', STATE_NAMES[camera.state]);
    this.write('explanation', camera.explanation);
    this.write('detail', camera.detail ?? '');
    this.find('detail').hidden = camera.detail === null;
    this.write('since', duration(Date.now() - Date.parse(camera.since)));
    this.find('since').title = new Date(camera.since).toLocaleString();
    const asleep = camera.fps === 0 && camera.clients === 0 && camera.state === 'masked';
    this.write('fps', asleep ? '0, asleep' : String(camera.fps));
    this.find('fps').title = asleep ? 'Nobody watches, so nothing is encoded.' : '';
    this.write('latency', latency(camera.latency));
    this.write('masked', maskedArea(camera));
    this.write('clients', String(camera.clients));
    this.write('revision', camera.zoneRevision === 0 ? 'none yet' : String(camera.zoneRevision));
    this.write('place', camera.place);
    this.write('source', source(camera));
    this.write('address', camera.stream);
    this.picture.alt =
      camera.state === 'masked' ? `Masked picture of ${camera.id}` : `${camera.id}: ${camera.explanation}`;
    this.showPending(camera.pendingLosses);
  }

  showPending(losses) {
    this.find('pending').hidden = losses === null;
    if (losses === null) return;
    const messages = losses.map(({ message }) => message);
    const shown = [...this.find('losses').children].map((item) => item.textContent);
    if (shown.join('\n') !== messages.join('\n')) {
      this.find('losses').replaceChildren(
        ...messages.map((message) => {
          const item = document.createElement('li');
          item.textContent = message;
          return item;
        }),
      );
    }
    this.write('accept', `npx veilgate zones accept ${this.id} --site <site file>`);
  }

  /** Keeps the picture of the present until the card is removed. */
  async live() {
    while (!this.removed) {
      const turn = pause(PICTURE_INTERVAL_MS);
      await this.refresh();
      await turn;
    }
  }

  /** Fetches a picture, if somebody can see it. */
  async refresh() {
    if (!this.inView || this.refreshing || document.hidden) return;
    this.refreshing = true;
    try {
      const response = await ask(`api/v1/cameras/${encodeURIComponent(this.id)}/snapshot.jpg`);
      const blob = await response.blob();
      if (this.removed) return;
      const next = URL.createObjectURL(blob);
      const before = this.picture.src;
      this.picture.src = next;
      if (before) URL.revokeObjectURL(before);
      this.shownAt = performance.now();
      this.write('picture-note', '');
    } catch (error) {
      this.doubt(sentence(error));
    } finally {
      this.refreshing = false;
    }
  }

  /** Takes down a picture that is no longer of the present. */
  doubt(why) {
    if (performance.now() - this.shownAt < PICTURE_STALE_MS) return;
    this.clear();
    this.write('picture-note', `No picture. ${why}`);
  }

  clear() {
    if (this.picture.src) URL.revokeObjectURL(this.picture.src);
    this.picture.removeAttribute('src');
  }

  async copy() {
    const button = this.find('copy');
    const address = this.find('address');
    try {
      await navigator.clipboard.writeText(address.textContent);
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    } catch {
      // Browsers give the clipboard to safe origins only: leave it to the keyboard.
      getSelection().selectAllChildren(address);
    }
  }
}
