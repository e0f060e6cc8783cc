import type { Explanation } from './issue.js';

/** The environment to take variables from. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Interpolation {
  readonly text: string;
  /** The values that were put in: secrets, all of them, since nobody can tell which are. */
  readonly values: readonly string[];
  readonly problems: readonly Explanation[];
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Everything before the last "@" of an address's authority (RFC 3986 3.2.1). */
const USERINFO = /^(?:rtsps?|https?|mqtts?|postgres(?:ql)?):\/\/[^/?#]*@/i;

/**
 * Replaces each `${NAME}` by the variable's value; `$${` is a literal `${`. In front of the "@" of an address the value is
 * percent-encoded, so that a password may contain any character and is set in the environment as one would type it.
 *
 * @example interpolate('rtsp://${U}:${P}@cam/1', { U: 'admin', P: 'a/b' }).text // 'rtsp://admin:a%2Fb@cam/1'
 */
export const interpolate = (template: string, env: Environment): Interpolation => {
  const userinfoEnd = USERINFO.exec(template)?.[0].length ?? 0;
  const values: string[] = [];
  const problems: Explanation[] = [];
  const text = template.replace(
    REFERENCE,
    (whole, name: string | undefined, close: string | undefined, offset: number) => {
      if (name === undefined) return '${';
      if (close !== '}' || !NAME.test(name)) {
        problems.push({
          code: 'variable-malformed',
          message: close === '}' ? 'What stands in ${...} is not the name of a variable.' : 'A "${" is not closed.',
          cure: 'Write ${NAME} with letters, digits and "_"; for a literal "${" write "$${".',
        });
        return whole;
      }
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (value === undefined || value === '') {
        problems.push({
          code: 'variable-unset',
          message: `The environment variable ${name} is ${value === '' ? 'empty' : 'not set'}.`,
          cure: `Set it before the start, for example: export ${name}=...`,
        });
        return whole;
      }
      values.push(value);
      return offset < userinfoEnd ? encodeURIComponent(value) : value;
    },
  );
  return { text, values, problems };
};
