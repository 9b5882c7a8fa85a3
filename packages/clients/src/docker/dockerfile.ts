import { splitWords } from './dockerfile-words.ts';

/**
 * One instruction of a Dockerfile: its first line (from 1), the last one before its here-documents, and its text with continuation lines
 * joined as BuildKit joins them.
 */
export interface Instruction {
  readonly line: number;
  readonly end: number;
  readonly text: string;
}

/** The character that escapes and continues lines: a backslash unless the directive `escape` says otherwise. */
export function dockerfileEscape(source: string): '`' | '\\' {
  // directives are the comments at the very beginning that have this form; blanks and a byte order mark may stand before them
  const directives = /^\uFEFF?(?:[ \t]*#[ \t]*[a-zA-Z][a-zA-Z0-9]*[ \t]*=.*\r?\n)*/.exec(source)?.[0] ?? '';
  return /^\uFEFF?[ \t]*#[ \t]*escape[ \t]*=[ \t]*`/im.test(directives) ? '`' : '\\';
}

/** The instructions of a Dockerfile, without comments; a here-document's body belongs to its instruction but not to its text. */
export function dockerfileInstructions(source: string): readonly Instruction[] {
  const continued = dockerfileEscape(source) === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/;
  const lines = source.split(/\r?\n/);
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    const first = at;
    if (skipped(lines[at])) continue;
    let text = '';
    for (; ; at++) {
      const line = lines[at] ?? '';
      if (at > first && skipped(line) && at < lines.length) continue;
      const continues = continued.test(line);
      text += continues ? line.replace(continued, '$1') : line;
      if (!continues || at >= lines.length) break;
    }
    found.push({ line: first + 1, end: Math.min(at + 1, lines.length), text: text.trim() });
    for (const { name, tabs } of heredocs(text)) {
      while (at + 1 < lines.length && lines[++at]?.replace(tabs ? /^\t+/ : '', '') !== name);
    }
  }
  return found;
}

/** The here-documents of an instruction in their order, as BuildKit's parser finds them; `tabs` may stand before the end of one. */
function heredocs(text: string): readonly { readonly name: string; readonly tabs: boolean }[] {
  const rest = /^(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s+(?:--\S+\s+)*(.*)$/is.exec(text.trim())?.[1];
  if (rest === undefined || isList(rest)) return [];
  // blanks may stand before the name; a word in quotes is no here-document, the name of one may have some
  return splitWords(rest.replaceAll(/<<\s+/g, '<<'), '\\').flatMap(word => {
    const [, dash, name] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
    return name === undefined ? [] : [{ name: name.replaceAll(/(["'])(.*?)\1/g, '$2'), tabs: dash === '-' }];
  });
}

/** Whether the words of an instruction are in the form of a JSON list. */
function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function skipped(line: string | undefined): boolean {
  return line === undefined || line.trim() === '' || line.trimStart().startsWith('#');
}

/**
 * The line of the instruction that BuildKit names as a step, such as "[build 2/5] RUN make   all". The images of "load metadata
 * for …" are looked for by the caller, who knows the arguments.
 */
export function instructionLine(source: string, step: string): number | undefined {
  const wanted = comparable(step.replace(/^\[[^\]]*\]\s*/, ''));
  if (!wanted) return undefined;
  return dockerfileInstructions(source).find(instruction => comparable(instruction.text) === wanted)?.line;
}

// BuildKit leaves flags such as --mount out of step names and folds blanks
function comparable(text: string): string {
  const [keyword = '', ...rest] = text.trim().split(/\s+/);
  while (rest[0]?.startsWith('--')) rest.shift();
  return `${keyword.toUpperCase()} ${rest.join(' ')}`.trim();
}
