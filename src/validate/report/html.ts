import type { ByCondition } from '../score/by-condition.js';
import type { EventScore } from '../score/score-events.js';
import type { LeakScore, MaskScore } from '../score/score-masks.js';
import type { ObjectScore } from '../score/score-objects.js';
import type { PlaceScore } from '../score/score-places.js';
import type { SignScore } from '../score/score-signs.js';
import type { Detection } from '../stats/decisions.js';
import type { Estimate } from '../stats/interval.js';
import { confusionTable, escapeHtml, intervalBar, reliabilityPlot, rocPlot } from './plots.js';
import type { Report } from './report.js';
import type { Thumbnail } from './thumbnails.js';
import { WORDS, type Word } from './words.js';

/** A report before the files beside it are digested and it is signed. */
export type Drawable = Omit<Report, 'signature' | 'files'>;

/**
 * The report as one page that needs nothing else: no script, no address, plots drawn in it, two languages of which one is shown.
 * The same report gives the same page.
 */
export function renderHtml(report: Drawable, thumbnails: readonly Thumbnail[]): string {
  const { places, placeEvents, masks, view, people, objects, signs } = report.results;
  const body = [
    `<h1>${say('title')}</h1><p>${say('intro')}</p>`,
    `<p class="${report.signer.pinned === 'site' ? 'note' : 'warn'}">${say(report.signer.pinned === 'site' ? 'pinned' : 'notPinned')}</p>`,
    conclusions(report),
    places ? placeSection(places) : '',
    placeEvents ? eventSection('placeEvents', placeEvents) : '',
    masks ? maskSection(masks) : '',
    view ? eventSection('view', view) : '',
    people ? eventSection('people', people) : '',
    objects ? objectSection(objects) : '',
    signs ? signSection(signs) : '',
    thumbnails.length > 0 ? thumbnailSection(thumbnails) : '',
    provenance(report),
    named(
      'unavailable',
      report.unavailable.map(({ what, why }) => `${what}: ${why}`),
    ),
    named(
      'failed',
      report.failures.map(({ file, why }) => `${file}: ${why}`),
    ),
    named(
      'skipped',
      report.dataset.problems.map(({ path, message }) => `${path}: ${message}`),
    ),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Veilgate ${escapeHtml(WORDS.title[0])}</title><style>${STYLE}</style></head><body>
<input type="radio" name="lang" id="en" checked><label for="en">English</label><input type="radio" name="lang" id="zh"><label for="zh">中文</label>
<main>${body.filter(Boolean).join('\n')}</main></body></html>
`;
}

const STYLE = `
body{font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#222;max-width:60rem;margin:1rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #ccc}h3{font-size:1rem}
table{border-collapse:collapse;margin:.5rem 0}th,td{padding:.15rem .6rem;text-align:left;border-bottom:1px solid #eee;vertical-align:top}
.confusion td{text-align:right;min-width:2rem}.confusion th{font-weight:normal;font-size:.8rem}.wide{overflow-x:auto}
.warn{background:#fff3e0;border-left:4px solid #d55e00;padding:.5rem 1rem}.note{background:#e8f4fb;border-left:4px solid #0072b2;padding:.5rem 1rem}
.plots{display:flex;flex-wrap:wrap;gap:1rem}.thumbs{display:flex;flex-wrap:wrap;gap:1rem}.thumbs figure{margin:0;width:11rem;font-size:.75rem;overflow-wrap:anywhere}
.thumbs img{width:11rem;image-rendering:pixelated;display:block}code{font-size:.85em;overflow-wrap:anywhere}
#en:checked~main [lang=zh],#zh:checked~main [lang=en]{display:none}
@media print{body{max-width:none}input,label{display:none}h2{break-after:avoid}tr,figure,svg{break-inside:avoid}}`;

/** Both languages, of which the page shows one. */
const say = (word: Word): string => {
  const [en, zh] = WORDS[word];
  return `<span lang="en">${escapeHtml(en)}</span><span lang="zh">${escapeHtml(zh)}</span>`;
};

const heading = (word: Word): string => `<h2>${say(word)}</h2>`;

const percent = (share: number | null): string =>
  share === null ? '–' : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 2 : 1)} %`;

const row = (name: string, ...cells: readonly string[]): string =>
  `<tr><th>${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

const estimate = (value: Estimate): string[] => [
  percent(value.value),
  value.low === null ? '' : `${percent(value.low)} – ${percent(value.high)}`,
  intervalBar(value),
  String(value.n),
];

const estimateTable = (rows: readonly (readonly [Word, Estimate])[]): string =>
  `<table><tr><th>${say('measure')}</th><th>${say('value')}</th><th>${say('interval')}</th><th></th><th>${say('n')}</th></tr>` +
  `${rows.map(([word, value]) => row(say(word), ...estimate(value))).join('')}</table>`;

function conclusions({ conclusions: found }: Drawable): string {
  if (found.length === 0) return '';
  const rows = found.map(({ about, have, need, enough }) =>
    row(escapeHtml(about), String(have), String(need), enough ? say('enough') : `<b>${say('tooFew')}</b>`),
  );
  return `${heading('conclusions')}<table><tr><th>${say('about')}</th><th>${say('have')}</th><th>${say('need')}</th><th></th></tr>${rows.join('')}</table>`;
}

function placeSection(score: PlaceScore): string {
  const { prohibited, prohibitedOrUnsure, reliability } = score;
  const table = estimateTable([
    ['recall', prohibited.recall],
    ['recallUnsure', prohibitedOrUnsure.recall],
    ['precision', prohibited.precision],
    ['precisionUnsure', prohibitedOrUnsure.precision],
    ['falsePositiveRate', prohibited.falsePositiveRate],
    ['f1', prohibited.f1],
    ['f2', prohibited.f2],
    ['unsure', score.unsure],
    ['auc', score.auc],
  ]);
  const perClass = Object.entries(score.perClass).map(([label, one]) =>
    row(
      escapeHtml(label),
      one.side,
      String(one.items),
      one.right ? `${percent(one.right.value)} (${percent(one.right.low)} – ${percent(one.right.high)})` : '–',
      percent(one.unsure.value),
      percent(one.byName?.f1.value ?? null),
    ),
  );
  return [
    `${heading('places')}<p>${say('placesNote')}</p>${table}`,
    `<p>${say('calibrationError')}: ${percent(reliability.calibrationError)}; Brier: ${reliability.brier?.toFixed(3) ?? '–'}</p>`,
    `<div class="plots">${score.roc.length > 0 ? rocPlot(score.roc) : ''}${reliabilityPlot(reliability)}</div>`,
    `<table><tr><th>${say('label')}</th><th></th><th>${say('items')}</th><th>${say('verdictRight')}</th><th>${say('unsure')}</th><th>${say('byName')}</th></tr>${perClass.join('')}</table>`,
    `<h3>${say('confusion')}</h3>${confusionTable(score.confusion)}`,
    score.kinds ? `<h3>${say('kinds')}</h3>${confusionTable(score.kinds)}` : '',
    detectionsByCondition(score.byCondition),
  ].join('\n');
}

function detectionsByCondition(parts: ByCondition<Detection>): string {
  const rows = Object.entries(parts).flatMap(([tag, values]) =>
    Object.entries(values).map(([value, { recall, precision, f2 }]) =>
      row(escapeHtml(`${tag}: ${value}`), shares(recall), shares(precision), shares(f2)),
    ),
  );
  if (rows.length === 0) return '';
  return `<h3>${say('byCondition')}</h3><table><tr><th>${say('condition')}</th><th>${say('recall')}</th><th>${say('precision')}</th><th>${say('f2')}</th></tr>${rows.join('')}</table>`;
}

const shares = ({ value, low, high, n }: Estimate): string =>
  value === null ? '–' : `${percent(value)} (${percent(low)} – ${percent(high)}, n = ${n})`;

function maskSection(score: MaskScore): string {
  const rows = Object.entries(score.byCondition).flatMap(([tag, values]) =>
    Object.entries(values).map(([value, part]) => row(escapeHtml(`${tag}: ${value}`), leaks(part), pixels(part))),
  );
  const conditions = rows.length
    ? `<h3>${say('byCondition')}</h3><table><tr><th>${say('condition')}</th><th>${say('leakedFrames')}</th><th>${say('leakedPixels')}</th></tr>${rows.join('')}</table>`
    : '';
  const refused = Object.entries(score.refused).map(([reason, count]) => `${reason}: ${count}`);
  return [
    `${heading('masks')}<p>${say('masksNote')}</p><table>`,
    row(say('leakedFrames'), `<b>${leaks(score)}</b>`),
    row(say('leakedPixels'), pixels(score)),
    score.rarerThan === null ? '' : row(say('rarerThan'), percent(score.rarerThan)),
    row(say('lostFrames'), String(score.lostFrames)),
    refused.length > 0 ? row(say('refused'), escapeHtml(refused.join('; '))) : '',
    `</table>${conditions}`,
  ].join('\n');
}

const leaks = ({ leakedFrames, frames, leakedShare }: LeakScore): string =>
  `${leakedFrames} / ${frames}${leakedShare.value === null ? '' : ` (${percent(leakedShare.value)}; ${percent(leakedShare.low)} – ${percent(leakedShare.high)})`}`;
const pixels = ({ leakedPixels, hiddenPixels }: LeakScore): string => `${leakedPixels} / ${hiddenPixels}`;

function eventSection(word: Word, score: EventScore): string {
  const { delay } = score;
  return [
    `${heading(word)}<table>`,
    row(say('events'), String(score.events)),
    row(say('found'), `${score.found} (${shares(score.recall)})`),
    row(say('falseAlarms'), String(score.falseAlarms)),
    row(say('perHour'), score.falseAlarmsPerHour === null ? '–' : score.falseAlarmsPerHour.toFixed(2)),
    row(say('precision'), shares(score.precision)),
    row(say('f2'), percent(score.f2)),
    row(say('delay'), delay ? [delay.median, delay.p95, delay.most].map((s) => s.toFixed(2)).join(' / ') : '–'),
    row(say('hours'), score.hours.toFixed(3)),
    '</table>',
  ].join('\n');
}

function objectSection({ perClass }: ObjectScore): string {
  const rows = Object.entries(perClass).map(([label, one]) =>
    row(escapeHtml(label), shares(one.recall), shares(one.precision), shares(one.f2), percent(one.averagePrecision)),
  );
  return `${heading('objects')}<table><tr><th>${say('label')}</th><th>${say('recall')}</th><th>${say('precision')}</th><th>${say('f2')}</th><th>${say('averagePrecision')}</th></tr>${rows.join('')}</table>`;
}

const signSection = ({ missingOrDegraded, confusion, byCondition }: SignScore): string =>
  `${heading('signs')}${estimateTable([
    ['recall', missingOrDegraded.recall],
    ['precision', missingOrDegraded.precision],
    ['f2', missingOrDegraded.f2],
  ])}${confusionTable(confusion)}${detectionsByCondition(byCondition)}`;

const thumbnailSection = (thumbnails: readonly Thumbnail[]): string =>
  `${heading('worst')}<div class="thumbs">${thumbnails
    .map(
      ({ why, file, detail, png }) =>
        `<figure><img alt="" src="data:image/png;base64,${png}"><figcaption>${say(why)}<br>${escapeHtml(file)}<br>${escapeHtml(detail)}</figcaption></figure>`,
    )
    .join('')}</div>`;

function provenance(report: Drawable): string {
  const { product, dataset, config, models, seed, run, signer, thresholds } = report;
  const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
  const rows = [
    row(say('product'), `Veilgate ${escapeHtml(product.version)}`),
    row(say('commit'), code(product.commit ?? '–')),
    row(say('models'), models.map(({ name, sha256 }) => `${escapeHtml(name)} ${code(sha256)}`).join('<br>') || '–'),
    row(say('configDigest'), code(config.digest)),
    row(
      say('dataset'),
      `${escapeHtml(dataset.name)}: ${dataset.stills} + ${dataset.clips} (${(dataset.clipSeconds / 60).toFixed(1)} min), ${dataset.skipped} ${say('skipped')}`,
    ),
    row(say('datasetDigest'), code(dataset.digest)),
    row(say('resultDigest'), code(report.resultDigest)),
    row(say('seed'), String(seed)),
    row(
      say('machine'),
      escapeHtml(
        `${run.machine.cores} × ${run.machine.cpu}, ${run.machine.memoryGb} GB, ${run.machine.os}, Node ${run.machine.node}`,
      ),
    ),
    row(say('time'), escapeHtml(`${run.startedAt}, ${run.seconds.toFixed(0)} s`)),
    row(
      say('signer'),
      `${code(signer.fingerprint)}<br>${code(signer.key)}${signer.site ? `<br>${escapeHtml(signer.site)}` : ''}`,
    ),
  ];
  const origins = thresholds.map(({ what, value, from }) => row(escapeHtml(what), String(value), escapeHtml(from)));
  return (
    `${heading('provenance')}<table>${rows.join('')}</table>` +
    (origins.length > 0 ? `<h3>${say('thresholds')}</h3><table>${origins.join('')}</table>` : '')
  );
}

const named = (word: Word, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${heading(word)}<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
