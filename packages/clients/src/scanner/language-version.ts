/** A version as numbers and texts that are compared one after the other, a list before what is longer. */
type Key = readonly (number | string | Key)[];

const preReleases = ['a', 'b', 'rc'];

// PEP 440, appendix B, with the spellings that it takes for others
const python =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+(\w+(?:[-_.]\w+)*))?$/i;

/** Compares versions of Python packages as PEP 440 says; undefined when one of them is none. */
export function comparePythonVersions(a: string, b: string): number | undefined {
  return compareKeys(pythonKey(a), pythonKey(b));
}

function pythonKey(text: string): Key | undefined {
  const [whole, epoch, release = '', pre, preNumber, dash, post, postNumber, dev, devNumber, local] =
    python.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  const isPost = dash !== undefined || post !== undefined;
  const letter = pre
    ?.toLowerCase()
    .replace(/^(?:c|pre|preview)$/, 'rc')
    .replace(/^(alpha|beta)$/, name => name.charAt(0));
  const rank = letter ? preReleases.indexOf(letter) : !isPost && dev !== undefined ? -1 : preReleases.length;
  return [
    Number(epoch ?? 0),
    release
      .replace(/(?:\.0+)+$/, '')
      .split('.')
      .map(Number),
    rank,
    Number(preNumber || 0),
    isPost ? Number(dash ?? (postNumber || 0)) : -1,
    dev === undefined ? Infinity : Number(devNumber || 0),
    // a number is newer than a word
    (local?.toLowerCase().split(/[-_.]/) ?? []).map(part => (/^\d+$/.test(part) ? [1, Number(part)] : [0, part])),
  ];
}

const semantic = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/;

/** Compares versions as semantic versioning says (semver.org, 11); undefined when one of them is none. */
export function compareSemanticVersions(a: string, b: string): number | undefined {
  return compareKeys(semanticKey(a), semanticKey(b));
}

function semanticKey(text: string): Key | undefined {
  const [whole, major, minor, patch, pre] = semantic.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  const parts = pre?.split('.').map(part => (/^\d+$/.test(part) ? [0, Number(part)] : [1, part]));
  return [Number(major), Number(minor), Number(patch), parts ? 0 : 1, parts ?? []];
}

function compareKeys(a: Key | undefined, b: Key | undefined): number | undefined {
  return a && b && compareParts(a, b);
}

function compareParts(a: Key, b: Key): number {
  for (const [at, one] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const difference =
      typeof one === 'object' && typeof other === 'object'
        ? compareParts(one, other)
        : one < other
          ? -1
          : Number(one > other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
