// @ts-check
/**
 * The status page: asks for the admin token, then shows what every camera is doing and its masked picture. It only reads, and only
 * what the API tells: it has no knowledge of its own that could be out of date.
 */

/** Between two looks at the cameras, ms. */
const STATUS_INTERVAL_MS = 1000;

/** From one picture of a camera to the next, ms. */
const PICTURE_INTERVAL_MS = 1000;

/** A gateway that answers nothing for so long, ms, is said to be lost. */
const ANSWER_TIMEOUT_MS = 5000;

/** A picture older than this, ms, is not shown as if it were the present. */
const PICTURE_STALE_MS = 5000;

/** Where the token lives: this tab, until it is closed. */
const TOKEN_KEY = 'veilgate.token';

/** What a header can carry. */
const TOKEN_SHAPE = /^[!-~]+$/;

const STATE_NAMES = { starting: 'Starting', masked: 'Masked', withheld: 'Withheld', offline: 'Offline' };

const element = (id) => document.getElementById(id);
const door = element('door');
const tokenField = element('token');
const doorError = element('door-error');
const list = element('cameras');
const summary = element('summary');
const lost = element('lost');
const leave = element('leave');

/** The cards on the page, by camera id. @type {Map<string, Card>} */
const cards = new Map();

/** Goes up when the token is forgotten, so that what was under way before comes to nothing. */
let visit = 0;

class Unauthorised extends Error {}

/** Asks the API. @throws Unauthorised, or an Error with a sentence for people */
const ask = async (path) => {
  let response;
  try {
    response = await fetch(path, {
      headers: { Authorization: `Bearer ${sessionStorage.getItem(TOKEN_KEY)}` },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      cache: 'no-store',
    });
  } catch {
    throw new Error('The gateway does not answer.');
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  const message = body?.error?.message ?? `The gateway answered with ${response.status}.`;
  throw response.status === 401 || response.status === 429 ? new Unauthorised(message) : new Error(message);
};

/** One camera's place on the page. */
class Card {
  constructor(id) {
    this.id = id;
    this.root = element('camera').content.firstElementChild.cloneNode(true);
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

const sentence = (error) => (error instanceof Error ? error.message : String(error));

const duration = (ms) => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
};

/** The share comes with encoded pictures: before the first one, 0 means that nothing was measured. */
const maskedArea = ({ state, maskedArea: share, latency: measured }) => {
  if (state !== 'masked') return 'slate only';
  return share === 0 && measured === null ? 'not measured' : `${(share * 100).toFixed(1)} %`;
};

const latency = (of) => (of === null ? 'none' : `${of.p50.toFixed(1)} / ${of.p99.toFixed(1)} ms`);

const source = ({ source: of, sourceUrl }) => {
  if (of === null) return sourceUrl;
  const rate = of.fps === null ? '' : `, ${Math.round(of.fps * 100) / 100} a second`;
  return `${sourceUrl} (${of.codec}, ${of.width} × ${of.height}${rate}${of.offersAudio ? ', offers sound' : ''})`;
};

const summarise = (cameras) => {
  if (cameras.length === 0) return 'No cameras.';
  const masked = cameras.filter(({ state }) => state === 'masked').length;
  const waiting = cameras.filter(({ pendingLosses }) => pendingLosses !== null).length;
  const rest = waiting === 0 ? '' : `, zones of ${waiting} wait for acceptance`;
  return `${masked} of ${cameras.length} ${cameras.length === 1 ? 'camera' : 'cameras'} masked and shown${rest}`;
};

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const card = [...cards.values()].find(({ root }) => root === target);
    if (!card) continue;
    card.inView = isIntersecting;
    if (isIntersecting) void card.refresh();
  }
});

const showCameras = (cameras) => {
  const wanted = new Set(cameras.map(({ id }) => id));
  for (const [id, card] of cards) if (!wanted.has(id)) removeCard(id, card);
  for (const [index, camera] of cameras.entries()) {
    let card = cards.get(camera.id);
    if (!card) {
      card = new Card(camera.id);
      cards.set(camera.id, card);
      seen.observe(card.root);
      void card.live();
    }
    const there = list.children[index] ?? null;
    if (there !== card.root) list.insertBefore(card.root, there);
    card.show(camera);
  }
  // Written only when it changed: it is read aloud.
  const text = summarise(cameras);
  if (summary.textContent !== text) summary.textContent = text;
};

const removeCard = (id, card) => {
  seen.unobserve(card.root);
  card.removed = true;
  card.clear();
  card.root.remove();
  cards.delete(id);
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks at the cameras again and again until the token is forgotten or refused. */
const watchCameras = async () => {
  const mine = visit;
  while (mine === visit) {
    try {
      const { cameras } = await (await ask('api/v1/cameras')).json();
      if (mine !== visit) return;
      enter();
      showCameras(cameras);
    } catch (error) {
      if (mine !== visit) return;
      if (error instanceof Unauthorised) return askForToken(error.message);
      complain(sentence(error));
    }
    await pause(STATUS_INTERVAL_MS);
  }
};

const enter = () => {
  door.hidden = true;
  lost.hidden = true;
  list.hidden = false;
  list.classList.remove('old');
  leave.hidden = false;
};

const complain = (message) => {
  const old = cards.size === 0 ? '' : ' What stands below is not of the present.';
  lost.textContent = `${message}${old} Trying again.`;
  lost.hidden = false;
  list.classList.add('old');
  summary.textContent = '';
  for (const card of cards.values()) card.doubt(message);
};

const askForToken = (why) => {
  visit++;
  sessionStorage.removeItem(TOKEN_KEY);
  for (const [id, card] of cards) removeCard(id, card);
  list.hidden = true;
  lost.hidden = true;
  leave.hidden = true;
  door.hidden = false;
  summary.textContent = '';
  doorError.textContent = why;
  tokenField.value = '';
  tokenField.focus();
};

const begin = () => {
  visit++;
  void watchCameras();
};

door.addEventListener('submit', (event) => {
  event.preventDefault();
  const token = tokenField.value.trim();
  if (!TOKEN_SHAPE.test(token)) return askForToken('A token has letters, digits and signs, and no spaces.');
  doorError.textContent = '';
  sessionStorage.setItem(TOKEN_KEY, token);
  begin();
});
leave.addEventListener('click', () => askForToken(''));
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  for (const card of cards.values()) void card.refresh();
});

if (sessionStorage.getItem(TOKEN_KEY)) begin();
else askForToken('');
