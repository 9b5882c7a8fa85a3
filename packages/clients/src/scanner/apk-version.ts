/** What stands behind the numbers, oldest first; a version without any lies in the middle. */
const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];

/** Compares two versions of Alpine's packages, such as 1.1.1w_p1-r2, as apk-tools does: negative when `a` is older. */
export function compareApkVersions(a: string, b: string): number {
  const [first, second] = [parts(a), parts(b)];
  for (let at = 0; at < Math.max(first.length, second.length); at++) {
    const difference = compare(first[at], second[at], at === 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

type Part = readonly [kind: 'number' | 'letter' | 'suffix' | 'revision', text: string, number?: string];

function parts(text: string): readonly Part[] {
  const [, numbers = '', letter = '', suffix = '', revision = '0'] =
    /^(\d+(?:\.\d+)*)?([a-z]?)((?:_[a-z]+\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?/.exec(text.trim()) ?? [];
  return [
    ...numbers.split('.').map((each): Part => ['number', each]),
    ...(letter ? [['letter', letter] as const] : []),
    ...[...suffix.matchAll(/_([a-z]+)(\d*)/g)].map(([, name = '', count = '']): Part => ['suffix', name, count]),
    ['revision', revision],
  ];
}

const kinds = ['revision', 'suffix', 'letter', 'number'];

function compare(one: Part | undefined, other: Part | undefined, first: boolean): number {
  const [kind, text = '', count = ''] = one ?? ['revision', '0'];
  const [otherKind, otherText = '', otherCount = ''] = other ?? ['revision', '0'];
  if (kind !== otherKind) {
    // of a version and one that has less, the suffix says which is older
    if (kind === 'suffix' && otherKind === 'revision') return order(text) - order('');
    if (kind === 'revision' && otherKind === 'suffix') return order('') - order(otherText);
    return kinds.indexOf(kind) - kinds.indexOf(otherKind);
  }
  // a further number that begins with 0 is the rest of a fraction
  if (kind === 'letter' || (!first && [text, otherText].some(each => /^0\d/.test(each))))
    return text < otherText ? -1 : Number(text > otherText);
  if (kind === 'suffix') return order(text) - order(otherText) || Number(count || 0) - Number(otherCount || 0);
  return Math.sign(Number(BigInt(text || 0) - BigInt(otherText || 0)));
}

function order(suffix: string): number {
  return suffixes.indexOf(suffix);
}
