import { unescape } from 'node:querystring';
import { PackageURL } from 'packageurl-js';

/** Trivy's names of the distributions whose own identifier, in /etc/os-release, is another. */
export const families: Readonly<Record<string, string>> = {
  rhel: 'redhat',
  redhatlinux: 'redhat',
  rockylinux: 'rocky',
  almalinux: 'alma',
  ol: 'oracle',
  oraclelinux: 'oracle',
  amzn: 'amazon',
  amazonlinux: 'amazon',
  mariner: 'cbl-mariner',
};

/** Types of package URLs that are of distributions. */
export const systems: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);

/** Trivy's names of packages of languages, by the type of their package URL. */
const kinds: Readonly<Record<string, string>> = {
  pypi: 'python-pkg',
  npm: 'node-pkg',
  golang: 'gobinary',
  cargo: 'rustbinary',
  maven: 'jar',
  gem: 'gemspec',
};

/** The type of a package URL, and of plain ones the words behind it; not every one that Grype writes is by the rules of its type. */
export function wordsOf(purl: string) {
  const [, type = 'unknown', namespace, name = '', version = ''] =
    /^pkg:\/*([^/@?#]+)\/(?:([^/@?#]+)\/)?(?:([^/@?#]+)@([^?#]+))?/.exec(purl) ?? [];
  return { type, namespace, name: unescape(name), version: unescape(version) };
}

/** What a package is of, in Trivy's words. */
export function kindOf(purl: string): { readonly ecosystem: string; readonly language: boolean } {
  const { type, namespace } = wordsOf(purl);
  if (!systems.has(type)) return { ecosystem: kinds[type] ?? type, language: true };
  return { ecosystem: families[namespace ?? ''] ?? namespace ?? type, language: false };
}

/** A package URL, taken apart; undefined for what is none. */
export function packageUrl(text: string | undefined): PackageURL | undefined {
  if (!text?.startsWith('pkg:')) return undefined;
  try {
    return PackageURL.fromString(text);
  } catch {
    // an identifier that is no package URL names no package
    return undefined;
  }
}
