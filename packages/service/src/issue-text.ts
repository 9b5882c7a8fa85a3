import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { otherAccelerators } from './gpu-classes.ts';
import { nearest } from './nearest.ts';
import { serviceJsonSchema } from './schema.ts';
import { listOf, type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { ruleOf } from './rule.ts';

export type Path = readonly (string | number)[];

export interface Described {
  readonly message: Reason | string;
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

const kinds: Readonly<Record<string, Reason>> = {
  string: reasonOf('allowed.text'),
  number: reasonOf('allowed.number'),
  int: reasonOf('allowed.whole'),
  boolean: reasonOf('allowed.boolean'),
  array: reasonOf('allowed.list'),
  object: reasonOf('allowed.mapping'),
  record: reasonOf('allowed.mapping'),
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
  const found = foundText(value);
  const must = (allowed: Reason | string): Described[] => [
    { path, message: reasonOf('field.mustBe', { key, allowed, found }) },
  ];
  const broken = (): Described[] => [{ path, message: reasonOf('field.rule', { key, rule: ruleOf(issue), found }) }];

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
      if (other) return [{ path, message: reasonOf('field.other', { key, found, advice: other[1] }) }];
      const near = nearest(String(value), allowed) ?? containing(String(value), allowed);
      const first = reasonOf('field.mustBe', { key, allowed: oneOf(allowed), found });
      if (!near) return [{ path, message: first }];
      return [{ path, message: reasonOf('list.then', { first, second: reasonOf('field.near', { near }) }) }];
    }
    case 'invalid_key':
      return [
        {
          path,
          atKey: true,
          message: reasonOf('field.keyRule', {
            key,
            rule: issue.issues[0] ? ruleOf(issue.issues[0]) : 'is not allowed',
          }),
        },
      ];
    case 'invalid_union':
    case 'invalid_format':
      if (value === undefined) return [missing(path)];
      return broken();
    case 'too_small':
      if (issue.message.startsWith('must ')) return broken();
      if (issue.origin === 'string') return must(reasonOf('allowed.someText'));
      if (issue.origin === 'array') return must(reasonOf('allowed.longList', { number: String(issue.minimum) }));
      return must(reasonOf(issue.inclusive ? 'allowed.least' : 'allowed.above', { number: String(issue.minimum) }));
    case 'too_big':
      if (issue.origin === 'string') return must(reasonOf('allowed.longest', { number: String(issue.maximum) }));
      return must(reasonOf(issue.inclusive ? 'allowed.most' : 'allowed.below', { number: String(issue.maximum) }));
    default: {
      const alone = issue.code === 'custom' && issue.params?.['silent'] === true;
      return alone ? [{ path, message: reasonOf('field.ruleAlone', { key, rule: ruleOf(issue) }) }] : broken();
    }
  }
}

function missing(path: Path, values: readonly string[] = []): Described {
  const description = nodeAt(path)?.description;
  const key = keyText(path);
  const allowed = oneOf(values);
  if (values.length === 0) {
    const message = description
      ? reasonOf('field.missingSaid', { key, description })
      : reasonOf('field.missing', { key });
    return { path, message };
  }
  const message = description
    ? reasonOf('field.missingSaidOf', { key, description, allowed })
    : reasonOf('field.missingOf', { key, allowed });
  return { path, message };
}

function unknownKey(parent: Path, unknown: string): Reason {
  const known = Object.keys(nodeAt(parent)?.properties ?? {});
  const near = nearest(unknown, known);
  const elsewhere = near ? [] : homes(unknown);
  const advice = near
    ? reasonOf('field.near', { near: `\`${near}\`` })
    : elsewhere.length > 0
      ? reasonOf('field.home', {
          homes: listOf(
            'list.or',
            elsewhere.map(home => `\`${home}\``),
          ),
        })
      : reasonOf('field.keysHere', { keys: known.join(', ') });
  return reasonOf('field.unknown', { key: keyText([...parent, unknown]), advice });
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

/** Those that have the word in them, as `nvidia-h100-80gb` has H100; undefined where there are none or many. */
function containing(word: string, values: readonly string[]): Reason | string | undefined {
  const found = values.filter(value => value.includes(word.toLowerCase()));
  return word.length > 1 && found.length > 0 && found.length <= 3 ? listOf('list.or', found) : undefined;
}

/** The places elsewhere that have this key, or one that differs in one letter. */
function homes(key: string, node = nodeAt([]), path = ''): string[] {
  return Object.entries(node?.properties ?? {}).flatMap(([name, child]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [...(distance(key, name) <= 1 ? [here] : []), ...homes(key, child, here)];
  });
}

function oneOf(values: readonly string[]): Reason | string {
  return values.length === 1 ? String(values[0]) : reasonOf('allowed.one', { values: values.join(', ') });
}

function keyText(path: Path): Reason | string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    const name = part === '' ? '""' : visible(part);
    return before === '' ? name : `${before}.${name}`;
  }, '');
  return text === '' ? reasonOf('field.file') : `\`${text}\``;
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

function foundText(value: unknown): Reason | string {
  if (value === undefined || value === null) return reasonOf('found.nothing');
  if (Array.isArray(value)) return reasonOf('allowed.list');
  if (typeof value === 'object') return reasonOf('allowed.mapping');
  if (value === '') return reasonOf('found.emptyText');
  if (typeof value === 'string')
    return reasonOf('found.text', {
      text: visible(JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)),
    });
  return typeof value === 'boolean' ? String(value) : reasonOf('found.number', { number: String(value) });
}
