import { findingSeverities, isOfOneVulnerability } from './finding.ts';
import type { FindingSeverity } from './finding.ts';

/** Scanners have words of their own for what lies below low, and for critical. */
const words: Readonly<Record<string, FindingSeverity>> = {
  info: 'low',
  informational: 'low',
  none: 'low',
  negligible: 'low',
  moderate: 'medium',
  important: 'high',
  defcon1: 'critical',
};

export function severityOfWord(word: string | undefined): FindingSeverity | undefined {
  const plain = word?.trim().toLowerCase() ?? '';
  const known = findingSeverities.find(severity => severity === plain && severity !== 'unknown');
  return known ?? words[plain];
}

/** The bands of CVSS 3.1 (5), as code scanning has them. */
export function severityOfScore(score: number | undefined): FindingSeverity | undefined {
  if (score === undefined || !(score >= 0)) return undefined;
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
}

/** Identifiers of one vulnerability, each once: that of CVE first, then those that other scanners know too. */
export function cveFirst(ids: readonly string[]): [string, ...string[]] {
  const rank = (id: string) => (id.startsWith('CVE-') ? 0 : isOfOneVulnerability(id) ? 1 : 2);
  return [...new Set(ids)].sort((a, b) => rank(a) - rank(b)) as [string, ...string[]];
}

/** The versions in a sentence that says to which to go, such as "Upgrade urllib3 to version 2.0.6, 1.26.17", of the package where it names several. */
export function fixIn(text: string, name?: string): string | undefined {
  const sentences = [...text.matchAll(/\bUpgrade\s+(.*?)\s+to\s+versions?\s+([^\s;]+(?:,\s*[^\s;,]+)*)/gis)];
  const [, , versions] =
    sentences.find(([, of = '']) => name !== undefined && of.replaceAll('`', '').split(/\s+/).includes(name)) ??
    (sentences.length === 1 ? sentences[0]! : []);
  return versions?.replace(/[.,]+$/, '');
}
