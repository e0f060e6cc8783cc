import { expect, it } from 'vitest';
import { parseServiceUrl } from './service-url.js';

const read = parseServiceUrl(['http', 'https'], 'https://HOST/PATH');

it.each(['https://hooks.example/a?b=c', 'http://127.0.0.1:8090/x', 'https://u:p@h/'])('%s is an address', (text) => {
  expect(read(text)).toEqual({ ok: true, value: text });
});

it.each(['', 'hooks.example', 'ftp://u:hunter2@h/', 'file:///etc/passwd', 'https://', 'https://a b/', 'https://a\n/'])(
  '%j is none, and is not quoted',
  (text) => {
    const result = read(text);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  },
);
