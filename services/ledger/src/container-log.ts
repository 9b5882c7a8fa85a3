/** One line that a container wrote, out of the file in which the container runtime stores it. */
export interface ContainerLine {
  readonly text: string;
  /** Bytes of the file up to the end of this line. */
  readonly end: number;
}

export interface ContainerLines {
  readonly lines: readonly ContainerLine[];
  /** Bytes that need not be read again: up to the last whole line. */
  readonly consumed: number;
}

const newline = 0x0a;
/** `2026-11-26T10:00:00.123456789Z stdout F text`, as the kubelet's log format (CRI) has it. `P` is a piece of a line over 16 KiB. */
const form = /^(\S+) (stdout|stderr) ([PF])(?:\S*) (.*)$/s;

/** What a piece of a container's log holds of its standard output. Lines of other forms are given as they are: whoever reads them says so. */
export function containerLines(piece: Buffer): ContainerLines {
  const lines: ContainerLine[] = [];
  let begun = '';
  let consumed = 0;
  for (let start = 0; ;) {
    const at = piece.indexOf(newline, start);
    if (at < 0) return { lines, consumed };
    const raw = piece.toString('utf8', start, at);
    start = at + 1;
    const [, , stream, tag, text] = form.exec(raw) ?? [];
    if (stream === 'stdout' && tag === 'P') {
      begun += text;
      continue;
    }
    if (stream !== 'stderr') {
      lines.push({ text: text === undefined ? raw : begun + text, end: start });
      begun = '';
    }
    // a line that is not whole yet is read again from its first piece
    if (begun === '') consumed = start;
  }
}

/** The time of a file's first line: what a file is known by when it is renamed or compressed. undefined before there is one. */
export function firstTime(begin: Buffer): string | undefined {
  const space = begin.indexOf(0x20);
  return space > 0 ? begin.toString('utf8', 0, space) : undefined;
}
