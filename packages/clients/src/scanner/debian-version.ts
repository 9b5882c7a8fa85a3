/**
 * Compares two Debian versions as dpkg does: negative when `a` is older, positive when it is newer.
 * Epoch first, then upstream version, then revision; `~` sorts before everything, also before the end.
 */
export function compareDebianVersions(a: string, b: string): number {
  const [first, second] = [parts(a), parts(b)];
  return (
    first.epoch - second.epoch ||
    comparePart(first.upstream, second.upstream) ||
    comparePart(first.revision, second.revision)
  );
}

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

function comparePart(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left || right) {
    const [text, otherText] = [/^\D*/.exec(left)?.[0] ?? '', /^\D*/.exec(right)?.[0] ?? ''];
    for (let at = 0; at < Math.max(text.length, otherText.length); at++) {
      const difference = order(text[at]) - order(otherText[at]);
      if (difference) return difference;
    }
    [left, right] = [left.slice(text.length), right.slice(otherText.length)];
    const [digits, otherDigits] = [/^\d*/.exec(left)?.[0] ?? '', /^\d*/.exec(right)?.[0] ?? ''];
    const difference = BigInt(digits || 0) - BigInt(otherDigits || 0);
    if (difference) return difference < 0n ? -1 : 1;
    [left, right] = [left.slice(digits.length), right.slice(otherDigits.length)];
  }
  return 0;
}

function order(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
