/**
 * The status page: asks for the admin token, then shows what every camera is doing and its masked picture. It only reads, and only
 * what the API tells: it has no knowledge of its own that could be out of date.
 */
import { ask, forgetToken, hasToken, keepToken, Unauthorised } from './api.js';
import { Card, pause } from './card.js';
import { sentence, summarise } from './words.js';

/** Between two looks at the cameras, ms. */
const STATUS_INTERVAL_MS = 1000;

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
  forgetToken();
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
  if (!keepToken(tokenField.value)) return askForToken('A token has letters, digits and signs, and no spaces.');
  doorError.textContent = '';
  begin();
});
leave.addEventListener('click', () => askForToken(''));
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  for (const card of cards.values()) void card.refresh();
});

if (hasToken()) begin();
else askForToken('');
