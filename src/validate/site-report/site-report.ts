import type { RulePack } from '../../config/site.js';
import type { Json } from '../../record/log/canonical-json.js';
import { type SigningKey, signNote } from '../../record/log/note/signed-note.js';
import { fingerprint, formatVerifierKey } from '../../record/log/note/verifier-key.js';
import { CAVEATS } from '../../rules/packs.js';
import type { Penalty } from '../../rules/rule.js';
import { escapeHtml } from '../report/plots.js';
import { digestOf } from '../report/report.js';

/** One thing that an article asks for, and whether it is so. `unknown`: it could not be told, and why is said. */
export interface Check {
  readonly article: number;
  /** The camera that it is about; null: the site. */
  readonly camera: string | null;
  readonly what: readonly [en: string, zh: string];
  readonly result: 'holds' | 'fails' | 'unknown';
  readonly detail: string;
  /** What the Regulation threatens where it fails; null: nothing. Quoted as printed. */
  readonly penalty: Penalty | null;
}

/** A report about a site or a camera: checks by article, signed with the site's key. */
export interface SiteReport {
  readonly format: 'veilgate-site-report/1';
  readonly kind: 'commission' | 'compliance';
  readonly site: string;
  readonly camera: string | null;
  readonly rules: string;
  readonly product: { readonly version: string; readonly commit: string | null };
  readonly madeAt: string;
  readonly checks: readonly Check[];
  /** What was measured, for machines. */
  readonly facts: Json;
  /** A masked picture as the camera's viewers see it, JPEG in base64; null: none may be made. */
  readonly sample: string | null;
  readonly signer: { readonly key: string; readonly fingerprint: string };
  /** A signed note (C2SP) over the digest of all the rest. */
  readonly signature: string;
}

export function signSiteReport(report: Omit<SiteReport, 'signer' | 'signature'>, key: SigningKey): SiteReport {
  const named = { ...report, signer: { key: formatVerifierKey(key), fingerprint: fingerprint(key) } };
  const text = `veilgate ${report.kind} report v1\nsha256 ${digestOf(named as unknown as Json)}\n`;
  return { ...named, signature: signNote(text, key) };
}

const TITLES = {
  commission: ['Commissioning report (Regulation, Art. 19)', '验收报告（条例第十九条）'],
  compliance: ['Compliance report, by article', '合规报告（按条款）'],
} as const;
const RESULTS = {
  holds: ['holds', '符合'],
  fails: ['FAILS', '不符合'],
  unknown: ['cannot be told', '无法判定'],
} as const;

const both = ([en, zh]: readonly [string, string]): string =>
  `${escapeHtml(en)}<br><span lang="zh">${escapeHtml(zh)}</span>`;

/** One page that needs nothing else, both languages beside each other. */
export function renderSiteReport(report: SiteReport): string {
  const { kind, site, camera, checks, product, madeAt, sample, signer, rules } = report;
  const rows = checks.map(
    ({ article, camera: about, what, result, detail, penalty }) =>
      `<tr class="${result}"><td>Art. ${article}</td><td>${escapeHtml(about ?? '')}</td><td>${both(what)}</td><td>${both(RESULTS[result])}</td><td>${escapeHtml(detail)}` +
      (result === 'fails' && penalty
        ? `<br><small>Art. ${penalty.article}: ${escapeHtml(penalty.wording)}${penalty.note ? ` [${escapeHtml(penalty.note)}]` : ''}</small>`
        : '') +
      '</td></tr>',
  );
  const picture = sample
    ? `<h2>Masked sample / 遮挡后的样图</h2><img alt="" src="data:image/jpeg;base64,${sample}">`
    : '';
  const known = CAVEATS[rules as RulePack];
  const caveat = known ? `<p><strong>${both(known)}</strong></p>` : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(TITLES[kind][0])}</title><style>
body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;color:#222;max-width:64rem;margin:1rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
.fails td{background:#fdecea}.unknown td{background:#fff8e1}img{max-width:100%}code{overflow-wrap:anywhere;font-size:.85em}
</style></head><body><h1>${both(TITLES[kind])}</h1>
<p>${escapeHtml(site)}${camera ? `, ${escapeHtml(camera)}` : ''} · Veilgate ${escapeHtml(product.version)} <code>${escapeHtml(product.commit ?? '')}</code> · ${escapeHtml(madeAt)}</p>
<table><tr><th>Article / 条款</th><th>Camera / 摄像机</th><th>What / 内容</th><th>Result / 结果</th><th>Detail / 说明</th></tr>${rows.join('')}</table>
${caveat}${picture}<p>Signed / 签名: <code>${escapeHtml(signer.fingerprint)}</code></p></body></html>
`;
}
