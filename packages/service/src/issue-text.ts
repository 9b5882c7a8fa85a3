import type { z } from 'zod';
import { otherAccelerators } from './gpu-classes.ts';
import { nearest } from './nearest.ts';
import { serviceJsonSchema } from './schema.ts';

export type Path = readonly (string | number)[];

export interface Described {
  readonly message: string;
  readonly path: Path;
  /** True when the place is the key itself, not its value. */
  readonly atKey?: boolean;
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/**
 * The findings without those that follow from another one: values that do not fit each other while a key is misspelled, so that the default of
 * the right one counts, and the largest number of JavaScript beside the largest of the field.
 */
export function worthSaying(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const misspelled = issues.some(({ code }) => code === 'unrecognized_keys');
  const isLimit = (issue: z.core.$ZodIssue) => issue.code === 'too_big' && issue.maximum !== Number.MAX_SAFE_INTEGER;
  const limited = new Set(issues.filter(isLimit).map(({ path }) => path.join('.')));
  return issues.filter(issue => {
    if (issue.code === 'custom') return !misspelled || issue.params?.['silent'] !== true;
    return issue.code !== 'too_big' || isLimit(issue) || !limited.has(issue.path.join('.'));
  });
}

/** Sentences for one finding of the schema: the key, what was found, what is allowed. */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown): Described[] {
  const path = issue.path.filter(part => typeof part !== 'symbol');
  const value = valueAt(root, path);
  const key = keyText(path);
  const found = `found ${foundText(value)}`;
  const must = (allowed: string): Described[] => [{ path, message: `${key} must be ${allowed}; ${found}.` }];

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(unknown => ({ path: [...path, unknown], atKey: true, message: unknownKey(path, unknown) }));
    case 'invalid_type':
      if (value === undefined) return [missing(path)];
      return must(kinds[issue.expected] ?? issue.expected);
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (value === undefined) return [missing(path, allowed)];
      const other = key === '`resources.gpu.class`' && otherAccelerators.find(([name]) => name.test(String(value)));
      if (other) return [{ path, message: `${key} is ${foundText(value)}. ${other[1]}.` }];
      const near = nearest(String(value), allowed);
      return [{ path, message: `${key} must be ${oneOf(allowed)}; ${found}.${near ? ` Did you mean ${near}?` : ''}` }];
    }
    case 'invalid_key':
      return [{ path, atKey: true, message: `The key of ${key} ${issue.issues[0]?.message ?? 'is not allowed'}.` }];
    case 'invalid_union':
    case 'invalid_format':
      if (value === undefined) return [missing(path)];
      return [{ path, message: `${key} ${issue.message}; ${found}.` }];
    case 'too_small':
      if (issue.message.startsWith('must ')) return [{ path, message: `${key} ${issue.message}; ${found}.` }];
      if (issue.origin === 'string') return must('text that is not empty');
      if (issue.origin === 'array') return must(`a list of at least ${issue.minimum}`);
      return must(`${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`);
    case 'too_big':
      if (issue.origin === 'string') return must(`at most ${issue.maximum} characters long`);
      return must(`${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`);
    default: {
      const alone = issue.code === 'custom' && issue.params?.['silent'] === true;
      return [{ path, message: alone ? `${key} ${issue.message}.` : `${key} ${issue.message}; ${found}.` }];
    }
  }
}

function missing(path: Path, allowed: readonly string[] = []): Described {
  const description = nodeAt(path)?.description;
  return {
    path,
    message: `${keyText(path)} is missing; it is required${description ? ` (${description})` : ''}${allowed.length > 0 ? `: ${oneOf(allowed)}` : ''}.`,
  };
}

function unknownKey(parent: Path, unknown: string): string {
  const known = Object.keys(nodeAt(parent)?.properties ?? {});
  const near = nearest(unknown, known);
  const elsewhere = near ? [] : homes(unknown);
  const advice = near
    ? `Did you mean \`${near}\`?`
    : elsewhere.length > 0
      ? `It belongs to ${elsewhere.map(home => `\`${home}\``).join(' or ')}.`
      : `Allowed here: ${known.join(', ')}.`;
  return `${keyText([...parent, unknown])} is not a key of fairway.yaml. ${advice}`;
}

let wholeSchema: SchemaNode | undefined;

function nodeAt(path: Path): SchemaNode | undefined {
  wholeSchema ??= serviceJsonSchema() as SchemaNode;
  return path.reduce<SchemaNode | undefined>((node, part) => {
    if (typeof part === 'number') return node?.items;
    const open = typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined;
    return node?.properties?.[part] ?? open;
  }, wholeSchema);
}

/** The places elsewhere that have this key or one nearly the same. */
function homes(key: string, node = nodeAt([]), path = ''): string[] {
  return Object.entries(node?.properties ?? {}).flatMap(([name, child]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [...(nearest(key, [name]) ? [here] : []), ...homes(key, child, here)];
  });
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

function keyText(path: Path): string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    const name = part === '' ? '""' : visible(part);
    return before === '' ? name : `${before}.${name}`;
  }, '');
  return text === '' ? 'The file' : `\`${text}\``;
}

/** Blanks and marks that look like nothing, or like another character, by their code. */
function visible(text: string): string {
  return text.replaceAll(
    /[\p{Cf}\u00a0\u2028\u2029]/gu,
    one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined,
    root,
  );
}

function foundText(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string')
    return value === ''
      ? 'empty text'
      : `the text ${visible(JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value))}`;
  return `${typeof value === 'boolean' ? '' : 'the number '}${String(value)}`;
}
