import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Whether `text` fits a pattern in which `*` stands for anything without a slash and `**` for anything. */
export function fitsPattern(pattern: string, text: string): boolean {
  const expression = pattern
    .split(/(\*\*|\*)/)
    .map(part => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${expression}$`).test(text);
}

/**
 * The patterns of a list below `fairway.<server>`.
 * @throws InputError when it is empty
 */
export function givenPatterns(config: Config, server: string, name: string, example: string): readonly string[] {
  const given = config.getOptionalStringArray(name) ?? [];
  if (given.length > 0) return given;
  const key = `fairway.${server}`;
  throw new InputError(
    `The configuration ${key}.${name} is empty: anybody can get a token of the issuer, so it must say whose are taken. Give patterns such as ${example}, or remove ${key} when none of its runs delivers to this portal.`,
  );
}
