/** The OpenAPI document as a page that people read: no script, nothing from elsewhere. */
import { createHash } from 'node:crypto';

interface Operation {
  readonly summary: string;
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly 'x-roles'?: readonly string[];
  readonly 'x-scope'?: string;
  readonly parameters?: readonly { name: string; in: string; required: boolean; description?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>> };
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema?: { readonly $ref?: string } }>>;

/** What of an OpenAPI document the page shows. */
export interface ShownDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{overflow:auto;padding:.8rem;border:1px solid #8884;border-radius:6px}
section{border-top:1px solid #8884;padding:1rem 0}h2,h3{margin:.2rem 0}h3 b{text-transform:uppercase}
dt{font-weight:600}dd{margin:0 0 .4rem 1rem}small{opacity:.75}`;

/** The Content-Security-Policy source that lets this style through and no other. */
export const API_PAGE_STYLE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The page. */
export const apiPage = ({ info, paths, components }: ShownDocument): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => describe(method, path, operation)),
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section id="${html(name)}"><h3>${html(name)}</h3><pre>${html(JSON.stringify(schema, null, 2))}</pre></section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${html(info.title)} API</title><style>${STYLE}</style></head><body>
<h1>${html(info.title)} API <small>${html(info.version)}</small></h1><p>${html(info.description)}</p>
<p>For programs: <a href="/openapi.json">openapi.json</a>. Every error is <a href="#Error">Error</a>.</p>
<h2>Routes</h2>${operations.join('')}<h2>Schemas</h2>${schemas.join('')}</body></html>\n`;
};

const describe = (method: string, path: string, operation: Operation): string => {
  const { summary, operationId, security, parameters = [], requestBody, responses } = operation;
  const isOpen = security !== undefined && security.length === 0;
  const who = isOpen ? 'anyone' : `${operation['x-roles']?.join(', ')}; scope ${operation['x-scope']}`;
  const terms = [
    term('Who', html(who)),
    ...parameters.map(({ name, in: where, required, description = '' }) =>
      term(`<code>${html(name)}</code> (${html(where)}${required ? '' : ', optional'})`, html(description)),
    ),
    ...(requestBody === undefined ? [] : [term('Body', links(requestBody.content))]),
    ...Object.entries(responses)
      .filter(([, { description }]) => description !== undefined)
      .map(([status, { description = '', content = {} }]) =>
        term(html(status), `${html(description)} ${links(content)}`),
      ),
  ];
  return `<section id="${html(operationId)}"><h3><b>${html(method)}</b> <code>${html(path)}</code></h3><p>${html(summary)}</p><dl>${terms.join('')}</dl></section>`;
};

const term = (name: string, value: string): string => `<dt>${name}</dt><dd>${value}</dd>`;

const links = (content: Content): string =>
  Object.entries(content)
    .map(([mediaType, { schema }]) => {
      const name = schema?.$ref?.split('/').at(-1);
      return name === undefined ? html(mediaType) : `<a href="#${html(name)}">${html(name)}</a>`;
    })
    .join(', ');

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
