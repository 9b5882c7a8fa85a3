/** Which files of an image are not needed to serve. Paths have no leading slash. */
export interface Pruning {
  /**
   * Compiled Python: left out unless the engine is written in Python. An engine that is would have to compile on each start,
   * because a pod's root is read-only, and a faster cold start is worth more than the bytes.
   */
  readonly bytecode: boolean;
}

const caches = [
  'var/cache/apt/',
  'var/cache/debconf/',
  'var/lib/apt/lists/',
  'var/log/',
  'tmp/',
  'var/tmp/',
  // of package managers alone: models lie there too, as Hugging Face's and PyTorch's libraries download them
  ...['pip', 'uv', 'pypoetry', 'pdm', 'pipenv', 'conda', 'yarn', 'pnpm', 'node-gyp', 'go-build'].map(
    name => `root/.cache/${name}/`,
  ),
  'run/',
];
const manuals = [
  'usr/share/man/',
  'usr/share/info/',
  'usr/share/doc-base/',
  'usr/share/lintian/',
  'usr/share/groff/',
  'usr/share/linda/',
];

/**
 * Says of each path whether it is left out. Folders of caches and logs stay, so that programs that write into them find them. What scanners
 * read (the package databases) and what licences ask for (copyright files) always stays.
 */
export function leftOut(path: string, isFolder: boolean, pruning: Pruning): boolean {
  if (manuals.some(folder => path.startsWith(folder))) return true;
  if (path.startsWith('usr/share/doc/')) return !/^usr\/share\/doc\/[^/]+(\/copyright)?$/.test(path);
  if (path.startsWith('usr/share/locale/')) return !/^usr\/share\/locale\/(locale\.alias|C\b|en\b|[^/]+$)/.test(path);
  if (isFolder) return false;
  if (caches.some(folder => path.startsWith(folder))) return true;
  return pruning.bytecode && /(^|\/)__pycache__\//.test(path);
}
