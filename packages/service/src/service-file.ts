import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, isAlias, visit, type Document } from 'yaml';
import { ConfigurationError, type Place, type Problem } from './configuration-error.ts';
import { fixedKeys, inputsKey, isMapping, overlaid, readOverlay, type OverlayFile } from './environment.ts';
import { describeIssue, worthSaying, type Path } from './issue-text.ts';
import { serviceSchema, type Service } from './schema.ts';
import { systemErrorCode } from './system-error.ts';
import { descriptionText } from './text-file.ts';

export const serviceFileName = 'fairway.yaml';

/** A service with the places of its values, for messages that name the line. */
export interface ServiceFile {
  readonly service: Service;
  readonly file: string;
  readonly folder: string;
  /** Inputs of stages that the environment has; empty without one. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  /** Where the value of a key stands; where it is absent, the nearest mapping around it. */
  place(...path: readonly (string | number)[]): Place;
}

/**
 * Reads and validates `<folder>/fairway.yaml`; all defaults filled in. Throws ConfigurationError with file:line:column.
 * @param environment whose `environments/<name>.yaml` counts too, if there is one
 */
export async function loadService(folder: string, environment?: string): Promise<Service> {
  return (await loadServiceFile(folder, environment)).service;
}

export async function loadServiceFile(folder: string, environment?: string): Promise<ServiceFile> {
  const file = join(folder, serviceFileName);
  const content = await readServiceFile(folder, file);
  const overlay = environment === undefined ? undefined : await readOverlay(folder, environment);
  return parseServiceFile(content, folder, file, overlay);
}

async function readServiceFile(folder: string, file: string): Promise<string> {
  try {
    return await descriptionText(file);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EACCES')
      throw new ConfigurationError(`${file} may not be read by this user. Make it readable and run again.`);
    if (code === 'EISDIR')
      throw new ConfigurationError(`${file} is a folder; it must be the file that describes the service.`);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  const found = await stat(folder).catch(() => undefined);
  if (!found)
    throw new ConfigurationError(`There is no folder ${folder}. Name the folder that holds ${serviceFileName}.`);
  if (!found.isDirectory())
    throw new ConfigurationError(`${folder} is a file; name the folder that holds ${serviceFileName}.`);
  throw new ConfigurationError(
    `The folder ${folder} has no ${serviceFileName}, so it is not a service. Name the folder that holds it, or create it with apiVersion, kind, name, owner, engine and model.`,
  );
}

/**
 * @param file how messages name the file
 * @param overlay of an environment; messages name the one of the two files where the value stands
 */
export function parseServiceFile(content: string, folder: string, file: string, overlay?: OverlayFile): ServiceFile {
  const base = source(content, file);
  if (base.value === null || base.value === undefined) {
    throw new ConfigurationError(
      'the file is empty. Describe the service: apiVersion, kind, name, owner, engine and model are required.',
      { file, line: 1, column: 1 },
    );
  }
  const alone = validated(base.value, (path, atKey) => base.at(path, atKey));
  if (!overlay) return { service: alone, file, folder, inputs: {}, place: (...path) => base.at(path) };

  const over = source(overlay.content, overlay.file);
  if (!isMapping(over.value))
    throw new ConfigurationError(
      `the file must be a mapping of keys of fairway.yaml that have another value in this environment, and of \`${inputsKey}\`. Remove it if there are none.`,
      { file: overlay.file, line: 1, column: 1 },
    );
  refuse(
    fixedKeys(over.value).map(path => ({
      message: `\`${path.join('.')}\` is the same in every environment, because one image goes through all of them: change it in fairway.yaml.`,
      at: over.at(path, true),
    })),
  );
  const { [inputsKey]: given, ...keys } = over.value;
  const at = (path: Path, atKey?: boolean) => (over.has(path) ? over : base).at(path, atKey);
  const inputs = environmentInputs(given, over);
  const service = validated(overlaid(base.value, keys), at);
  return { service, file, folder, inputs, place: (...path) => at(path) };
}

/** A YAML file and where its values stand. */
interface Source {
  readonly value: unknown;
  has(path: Path): boolean;
  at(path: Path, atKey?: boolean): Place;
}

/** Most problems of a file that are reported at once: finding the place of each takes time, and nobody reads more. */
const mostProblems = 100;

function source(text: string, file: string): Source {
  // a byte order mark would count as a column; a carriage return alone is a line break too (YAML 1.2.2, 5.4)
  const content = text.replace(/^\ufeff/, '').replace(/\r(?!\n)/g, '\n');
  const lines = new LineCounter();
  // YAML 1.2 has no merge keys, but most programs that read YAML take them
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const found = [...document.errors, ...document.warnings].slice(0, mostProblems);
  // what is not understood may look like a key that is there twice
  const slips = found.filter(({ code }) => code !== 'DUPLICATE_KEY');
  const conflict = slips.length > 0 ? /^<{7}( |$)/m.exec(content) : null;
  if (conflict)
    throw new ConfigurationError(
      'a merge left a conflict here. Choose one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>.',
      at(conflict.index),
    );
  // what follows the first slip mostly follows from it
  const [first] = slips.toSorted((one, other) => one.pos[0] - other.pos[0]);
  const broken = (first ? [first] : found).map(({ code, message, pos }) => ({
    message: brokenText(code, message, keyAt(content, pos[0])),
    at: at(pos[0]),
  }));
  refuse(broken);
  refuse(brokenPairs(document).map(({ message, offset }) => ({ message, at: at(offset) })));
  return {
    value: plain(document, file, at),
    has: path => document.hasIn(path),
    at: (path, atKey) => at(offsetOf(document, path, atKey)),
  };
}

function brokenText(code: string, message: string, key: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `the key ${key} is there twice in one mapping; keep one of them.`;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return `this is not valid YAML: ${message}. A text that holds a colon and a blank needs quotes.`;
    case 'MULTIPLE_DOCS':
      return 'a second YAML document begins here, and the file describes one service. Remove the line ---, or move what follows it into a folder of its own.';
    default:
      return `this is not valid YAML: ${message}`;
  }
}

/** Keys that YAML allows and no field has, and merge keys (https://yaml.org/type/merge.html) without keys to merge. */
function brokenPairs(document: Document): readonly { readonly message: string; readonly offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  visit(document, {
    Pair(_, { key, value }) {
      const offset = rangeOf(key)?.[0] ?? 0;
      if (isCollection(key)) {
        const what = isSeq(key) ? 'a list' : 'a mapping';
        const message = `a key must be text; found ${what}. A text that begins with { or [ needs quotes, and a template has to be filled in before.`;
        found.push({ message, offset });
        return visit.SKIP;
      }
      const merged = resolved(value);
      const sources = isSeq(merged) ? merged.items : [merged];
      if (isScalar(key) && key.source === '<<' && merged !== undefined && !sources.every(one => isMap(resolved(one))))
        found.push({ message: 'the merge key << takes a mapping, an alias of one, or a list of them.', offset });
      return undefined;
    },
  });
  return found;
}

/** @throws ConfigurationError with the places of all that is wrong */
function validated(value: unknown, at: (path: Path, atKey?: boolean) => Place): Service {
  const parsed = serviceSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  refuse(
    worthSaying(parsed.error.issues)
      .flatMap(issue => describeIssue(issue, value))
      .slice(0, mostProblems)
      .map(({ message, path, atKey }) => ({ message, at: at(path, atKey) })),
  );
  throw new Error('the schema refused the file without an issue');
}

/** Inputs of stages as an overlay has them: text by name, or several texts. */
function environmentInputs(given: unknown, over: Source): Readonly<Record<string, string | readonly string[]>> {
  if (given === undefined) return {};
  const wrong = (path: Path, found: string) =>
    new ConfigurationError(
      `\`${path.join('.')}\` must be ${path.length > 1 ? 'a text or a list of texts' : 'a mapping of inputs of the stages, such as context: production-eu'}; found ${found}.`,
      over.at(path),
    );
  if (!isMapping(given)) throw wrong([inputsKey], Array.isArray(given) ? 'a list' : String(given));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (Array.isArray(value) && value.every(one => typeof one === 'string')) return [name, value];
      if (isMapping(value) || Array.isArray(value) || value === null)
        throw wrong([inputsKey, name], JSON.stringify(value));
      return [name, String(value)];
    }),
  );
}

/** Throws all problems as one error, the first of the file on top. */
function refuse(problems: readonly (Problem & { at: Place })[]): void {
  const order = (problem: { at: Place }): number => (problem.at.line ?? 0) * 1e6 + (problem.at.column ?? 0);
  const [first, ...further] = problems.toSorted((one, other) => order(one) - order(other));
  if (first) throw new ConfigurationError(first.message, first.at, further);
}

function plain(document: Document, file: string, at: (offset: number) => Place): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // an alias without an anchor, or aliases that expand without end
    if (!(error instanceof Error)) throw error;
    let place: Place = { file };
    let advice = '';
    visit(document, {
      Alias(_, alias) {
        if (alias.resolve(document)) return undefined;
        place = at(rangeOf(alias)?.[0] ?? 0);
        advice = `: *${alias.source} stands for an anchor &${alias.source}, which is not before it. A text that begins with * needs quotes.`;
        return visit.BREAK;
      },
    });
    if (!advice && !(error instanceof ReferenceError)) throw error;
    throw new ConfigurationError(`this is not valid YAML${advice || `: ${error.message}`}`, place);
  }
}

function keyAt(content: string, offset: number): string {
  return /^[^\s:]+/.exec(content.slice(offset))?.[0] ?? 'here';
}

/** Where a value begins, or with `atKey` its key; the nearest node around it when it is not there. */
function offsetOf(document: Document, path: Path, atKey = false): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (atKey && length === path.length && isMap(parent)) {
      const pair = parent.items.find(item => String(item.key) === String(path[length - 1]));
      const range = rangeOf(pair?.key);
      if (range) return range[0];
    }
    const range = rangeOf(document.getIn(path.slice(0, length), true));
    if (range) return range[0];
  }
  return rangeOf(document.contents)?.[0] ?? 0;
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return node.range as [number, number, number];
}
