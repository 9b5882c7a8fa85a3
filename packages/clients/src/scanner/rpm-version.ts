/** Compares two versions of RPM, `[epoch:]version[-release]`, as rpmvercmp of rpm does: negative when `a` is older. */
export function compareRpmVersions(a: string, b: string): number {
  const [first, second] = [parts(a), parts(b)];
  return (
    first.epoch - second.epoch ||
    comparePart(first.version, second.version) ||
    (first.release && second.release ? comparePart(first.release, second.release) : 0)
  );
}

function parts(text: string) {
  const [, epoch = '0', version = '', release] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/s.exec(text.trim()) ?? [];
  return { epoch: Number(epoch), version, release };
}

/** Numbers and words one after the other, whatever stands between them; a number is newer than a word, `~` older than the end, `^` newer. */
function comparePart(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at], right[at]];
    if (one === other) continue;
    if (one === '~' || other === '~') return one === '~' ? -1 : 1;
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === '^' || other === '^') return one === '^' ? -1 : 1;
    const [number, otherNumber] = [/\d/.test(one), /\d/.test(other)];
    if (number !== otherNumber) return number ? 1 : -1;
    const [value, otherValue] = number ? [BigInt(one), BigInt(other)] : [one, other];
    if (value !== otherValue) return value < otherValue ? -1 : 1;
  }
  return 0;
}

function segments(text: string): readonly string[] {
  return text.match(/\d+|[a-zA-Z]+|[~^]/g) ?? [];
}
