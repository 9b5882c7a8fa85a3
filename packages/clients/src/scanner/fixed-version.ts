import { compareApkVersions } from './apk-version.ts';
import { compareDebianVersions } from './debian-version.ts';
import { comparePythonVersions, compareSemanticVersions } from './language-version.ts';
import { compareRpmVersions } from './rpm-version.ts';

type Compare = (a: string, b: string) => number | undefined;

const of = (compare: Compare, ...names: string[]) => names.map(name => [name, compare] as const);

/** By the scanners' names of distributions and languages. */
const orders: ReadonlyMap<string, Compare> = new Map([
  ...of(compareDebianVersions, 'debian', 'ubuntu', 'echo'),
  ...of(compareApkVersions, 'alpine', 'wolfi', 'chainguard', 'minimos'),
  ...of(compareRpmVersions, 'redhat', 'centos', 'rocky', 'alma', 'fedora', 'oracle', 'amazon'),
  ...of(compareRpmVersions, 'cbl-mariner', 'azurelinux', 'photon'),
  ...of(compareRpmVersions, 'opensuse', 'opensuse-leap', 'opensuse-tumbleweed', 'sles', 'slem'),
  ...of(compareRpmVersions, 'opensuse.leap', 'opensuse.tumbleweed', 'suse linux enterprise server'),
  ...of(comparePythonVersions, 'python-pkg', 'pip', 'pipenv', 'poetry', 'uv', 'conda-pkg'),
  ...of(compareSemanticVersions, 'node-pkg', 'npm', 'yarn', 'pnpm', 'gobinary', 'gomod', 'rustbinary', 'cargo'),
]);

/**
 * Compares two versions of one ecosystem: negative when `a` is older. Those that are not by the rules of theirs, or of one without rules here, are taken
 * apart like Debian's, with what marks a pre-release (`-rc.1`, `rc1`, `.dev1`) before the release and a `v` left out.
 */
export function compareVersions(ecosystem: string, a: string, b: string): number {
  return orders.get(ecosystem)?.(a, b) ?? compareDebianVersions(plain(a), plain(b));
}

function plain(version: string): string {
  return version
    .trim()
    .replace(/^(go|v)(?=\d)/i, '')
    .replace('!', ':')
    .replace(/[._-]?dev(?=[\d.-]|$)/i, '~~dev')
    .replace(/[._-]?(?:(alpha|a)|(beta|b)|(preview|pre|rc|c))(?=[\d.-]|$)/i, (_all, alpha, beta) =>
      alpha ? '~a' : beta ? '~b' : '~rc',
    );
}

/**
 * The version to go to from the installed one. Scanners name one version for each line of a package ("1.26.19, 2.2.2"), in any
 * order, and some name ranges (">= 2.1.3, < 3.0.0", ">=2.1.3 <3.0.0 || >=3.0.1"): the nearest newer version stays in the installed line
 * where that has a fix.
 */
export function fixedVersion(ecosystem: string, installed: string, named: string): string | undefined {
  const versions = named
    .replace(/([<>=^~]) +/g, '$1')
    .split(/,|\|\|| /)
    .filter(part => part !== '' && !part.startsWith('<'))
    .map(part => part.replace(/^[>=^~]+/, ''))
    .sort((a, b) => compareVersions(ecosystem, a, b));
  return versions.find(version => compareVersions(ecosystem, version, installed) > 0) ?? versions.at(-1);
}
