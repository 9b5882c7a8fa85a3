import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, isAlias, visit, type Document } from 'yaml';
import { ConfigurationError, type Place, type Finding } from './configuration-error.ts';
import { fixedKeys, inputsKey, isMapping, overlaid, readOverlay, type OverlayFile } from './environment.ts';
import { describeIssue, worthSaying, type Path } from './issue-text.ts';
import { serviceSchema, type Service } from './schema.ts';
import { systemErrorCode } from './system-error.ts';
import { descriptionText } from './text-file.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';

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
    if (code === 'EACCES') throw new ConfigurationError(reasonOf('file.mayNotRead', { file }));
    if (code === 'EISDIR') throw new ConfigurationError(reasonOf('file.isFolder', { file }));
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  const found = await stat(folder).catch(() => undefined);
  if (!found) throw new ConfigurationError(reasonOf('file.noFolder', { folder }));
  if (!found.isDirectory()) throw new ConfigurationError(reasonOf('file.noFolderButFile', { folder }));
  throw new ConfigurationError(reasonOf('file.noService', { folder }));
}

/**
 * @param file how messages name the file
 * @param overlay of an environment; messages name the one of the two files where the value stands
 */
export function parseServiceFile(content: string, folder: string, file: string, overlay?: OverlayFile): ServiceFile {
  const base = source(content, file);
  if (base.value === null || base.value === undefined) {
    throw new ConfigurationError(reasonOf('yaml.empty'), { file, line: 1, column: 1 });
  }
  const alone = validated(base.value, (path, atKey) => base.at(path, atKey));
  if (!overlay) return { service: alone, file, folder, inputs: {}, place: (...path) => base.at(path) };

  const over = source(overlay.content, overlay.file);
  if (!isMapping(over.value))
    throw new ConfigurationError(reasonOf('yaml.overlay'), { file: overlay.file, line: 1, column: 1 });
  refuse(
    fixedKeys(over.value).map(path => ({
      message: reasonOf('yaml.fixedKey', { key: path.join('.') }),
      at: over.at(path, true),
    })),
  );
  const { [inputsKey]: given, ...keys } = over.value;
  // a key that is missing is missing where the mapping of it stands
  const depth = ({ has }: Source, path: Path) => path.findLastIndex((_, index) => has(path.slice(0, index + 1)));
  const isOver = (path: Path) => over.has(path) || depth(over, path) > depth(base, path);
  const at = (path: Path, atKey?: boolean) => (isOver(path) ? over : base).at(path, atKey);
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
  if (conflict) throw new ConfigurationError(reasonOf('yaml.conflict'), at(conflict.index));
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

function brokenText(code: string, words: string, key: string): Reason {
  switch (code) {
    case 'DUPLICATE_KEY':
      return reasonOf('yaml.twice', { key });
    case 'BLOCK_AS_IMPLICIT_KEY':
      return reasonOf('yaml.invalidKey', { words });
    case 'MULTIPLE_DOCS':
      return reasonOf('yaml.secondDocument');
    default:
      return reasonOf('yaml.invalid', { words });
  }
}

/** Keys that YAML allows and no field has, and merge keys (https://yaml.org/type/merge.html) without keys to merge. */
function brokenPairs(document: Document): readonly { readonly message: Reason; readonly offset: number }[] {
  const found: { message: Reason; offset: number }[] = [];
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  visit(document, {
    Pair(_, { key, value }) {
      const offset = rangeOf(key)?.[0] ?? 0;
      if (isCollection(key)) {
        const what = reasonOf(isSeq(key) ? 'allowed.list' : 'allowed.mapping');
        const message = reasonOf('yaml.badKey', { what });
        found.push({ message, offset });
        return visit.SKIP;
      }
      const merged = resolved(value);
      const sources = isSeq(merged) ? merged.items : [merged];
      if (isScalar(key) && key.source === '<<' && merged !== undefined && !sources.every(one => isMap(resolved(one))))
        found.push({ message: reasonOf('yaml.mergeKey'), offset });
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
  const wrong = (path: Path, found: Reason | string) =>
    new ConfigurationError(
      reasonOf(path.length > 1 ? 'yaml.input' : 'yaml.inputs', { key: path.join('.'), found }),
      over.at(path),
    );
  if (!isMapping(given)) throw wrong([inputsKey], Array.isArray(given) ? reasonOf('allowed.list') : String(given));
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
function refuse(problems: readonly (Finding & { at: Place })[]): void {
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
    let alias: string | undefined;
    visit(document, {
      Alias(_, node) {
        if (node.resolve(document)) return undefined;
        place = at(rangeOf(node)?.[0] ?? 0);
        alias = node.source;
        return visit.BREAK;
      },
    });
    if (alias === undefined && !(error instanceof ReferenceError)) throw error;
    throw new ConfigurationError(
      alias === undefined ? reasonOf('yaml.invalid', { words: error.message }) : reasonOf('yaml.noAnchor', { alias }),
      place,
    );
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
