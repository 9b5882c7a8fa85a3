/** One instruction of a Dockerfile: its first line (from 1) and its text with continuation lines joined. */
export interface Instruction {
  readonly line: number;
  readonly text: string;
}

/** The instructions of a Dockerfile, without comments; a here-document's body belongs to its instruction but not to its text. */
export function dockerfileInstructions(source: string): readonly Instruction[] {
  const escape = /^#\s*escape\s*=\s*`/im.test(source.split(/\n(?!#)/, 1)[0] ?? '') ? '`' : '\\';
  const lines = source.split(/\r?\n/);
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    const first = at;
    if (skipped(lines[at])) continue;
    let text = '';
    for (; ; at++) {
      const line = lines[at] ?? '';
      if (at > first && skipped(line) && at < lines.length) continue;
      const continues = line.trimEnd().endsWith(escape);
      text += ` ${continues ? line.trimEnd().slice(0, -1) : line}`;
      if (!continues || at >= lines.length) break;
    }
    found.push({ line: first + 1, text: text.replace(/\s+/g, ' ').trim() });
    for (const heredoc of text.matchAll(/<<-?\s*(["']?)(\w+)\1/g)) {
      if (!/^\s*(RUN|COPY|ADD)\b/i.test(text)) break;
      while (at + 1 < lines.length && lines[++at]?.trim() !== heredoc[2]);
    }
  }
  return found;
}

function skipped(line: string | undefined): boolean {
  return line === undefined || line.trim() === '' || line.trimStart().startsWith('#');
}

/** The line of the instruction that BuildKit names as a step, such as "[build 2/5] RUN make   all" or "[internal] load metadata for …". */
export function instructionLine(source: string, step: string): number | undefined {
  const image = /^\[internal\] load metadata for (?:docker\.io\/(?:library\/)?)?(\S+?)(?::latest)?$/.exec(step)?.[1];
  if (image)
    return dockerfileInstructions(source).find(({ text }) => /^FROM\s/i.test(text) && text.includes(image))?.line;
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

/**
 * The images a Dockerfile builds from, in its order, with ARG defaults and the given arguments filled in. Stages of the
 * same file and `scratch` are left out.
 */
export function baseImages(source: string, buildArguments: Readonly<Record<string, string>> = {}): readonly string[] {
  const values = new Map<string, string>();
  const stages = new Set<string>();
  const images = new Set<string>();
  let inStage = false;
  for (const { text } of dockerfileInstructions(source)) {
    const argument = /^ARG\s+(\w+)(?:=(.*))?$/i.exec(text);
    if (argument?.[1] && !inStage) {
      const value = buildArguments[argument[1]] ?? argument[2]?.replace(/^(["'])(.*)\1$/, '$2');
      if (value !== undefined) values.set(argument[1], value);
      continue;
    }
    const from = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?$/i.exec(text);
    if (!from?.[1]) continue;
    inStage = true;
    const image = from[1].replace(
      /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
      (_all, plain?: string, braced?: string, fallback?: string) => {
        return values.get(plain ?? braced ?? '') ?? fallback ?? '';
      },
    );
    if (image !== 'scratch' && !stages.has(image.toLowerCase())) images.add(image);
    if (from[2]) stages.add(from[2].toLowerCase());
  }
  return [...images];
}
