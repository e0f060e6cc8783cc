/** Splits at the separator where it is not inside double quotes; trims, and leaves out empty parts. */
export const splitQuoted = (text: string, separator: string): string[] => {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== '');
};

/** Takes off double quotes and their escapes (RFC 2326, 15.1 quoted-string). */
export const unquote = (text: string): string => {
  if (!text.startsWith('"')) return text;
  const end = text.endsWith('"') && text.length > 1 ? text.length - 1 : text.length;
  return text.slice(1, end).replace(/\\(.)/g, '$1');
};

/** Puts double quotes around a value, escaping what must be. */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Reads `name=value` or `name`; the name in lower case, the value without quotes. */
export const parseParameter = (text: string): readonly [name: string, value: string | undefined] => {
  const equals = text.indexOf('=');
  if (equals < 0) return [text.trim().toLowerCase(), undefined];
  return [text.slice(0, equals).trim().toLowerCase(), unquote(text.slice(equals + 1).trim())];
};
