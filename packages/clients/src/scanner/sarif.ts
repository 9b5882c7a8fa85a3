import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { lastingPath } from './finding.ts';
import type { Finding, ScanReport } from './finding.ts';
import type { Judgement } from './judge.ts';
import { whyHarmless } from './vex.ts';

/** What code scanning keeps of a run: 5,000 results by severity, and no file over 10 MB once compressed. */
const limits = { results: 5_000, bytes: 10_000_000 } as const;

/** The bands in which code scanning draws a `security-severity`. */
const bands = {
  critical: { score: '9.5', level: 'error' },
  high: { score: '8.0', level: 'error' },
  medium: { score: '5.5', level: 'warning' },
  low: { score: '2.0', level: 'note' },
  unknown: { score: '2.0', level: 'note' },
} as const;

/**
 * The findings as SARIF 2.1.0 within what GitHub's code scanning takes: the worst of them where it would not keep all, each with a
 * fingerprint that stays when versions and images change, and accepted or harmless ones suppressed with their reason.
 * @param dockerfile where findings are shown, since that is where most are fixed: the files of an image are not in the repository
 */
export function findingsSarif(
  report: Pick<ScanReport, 'scanner' | 'findings'>,
  judgement: Pick<Judgement, 'accepted' | 'stated'>,
  dockerfile: string,
): string {
  const { scanner, findings } = report;
  for (let count = Math.min(limits.results, findings.length); ; count = Math.floor(count / 2)) {
    const text = JSON.stringify(sarif(scanner, findings.slice(0, count), judgement, dockerfile));
    if (count === 0 || gzipSync(text).length <= limits.bytes) return text;
  }
}

/** The same without accepted and harmless findings: code scanning does not know `suppressions`, and would show each as an open alert. */
export function openSarif(
  { scanner, findings }: Pick<ScanReport, 'scanner' | 'findings'>,
  judgement: Pick<Judgement, 'accepted' | 'stated'>,
  dockerfile: string,
): string {
  const settled = new Set([...judgement.accepted, ...judgement.stated].map(({ finding }) => finding));
  const open = findings.filter(finding => !settled.has(finding));
  return findingsSarif({ scanner, findings: open }, { accepted: [], stated: [] }, dockerfile);
}

function sarif(
  { name, version }: ScanReport['scanner'],
  findings: readonly Finding[],
  judgement: Pick<Judgement, 'accepted' | 'stated'>,
  dockerfile: string,
): object {
  const justifications = new Map([
    ...judgement.accepted.map(
      ({ finding, exception }) => [finding, `${exception.reason} (until ${exception.until})`] as const,
    ),
    ...judgement.stated.map(
      ({ finding, statement }) => [finding, `${whyHarmless(statement)} (${statement.file})`] as const,
    ),
  ]);
  const ids = [...new Set(findings.map(({ id }) => id))];
  const rules = ids.map(id => rule(findings.find(finding => finding.id === id) as Finding));
  // SARIF has URI references, also of files with blanks in their names (3.4.3)
  const uri = dockerfile.split('/').map(encodeURIComponent).join('/');
  const results = findings.map(finding => {
    const justification = justifications.get(finding);
    const where = finding.path === undefined ? '' : ` (${finding.path})`;
    const todo = finding.fixed === undefined ? 'There is no fixed version.' : `Fixed in ${finding.fixed}.`;
    return {
      ruleId: finding.id,
      ruleIndex: ids.indexOf(finding.id),
      level: bands[finding.severity].level,
      message: { text: `${finding.package} ${finding.installed}${where}: ${finding.title}. ${todo}` },
      locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } }],
      // the one fingerprint that code scanning reads
      partialFingerprints: { primaryLocationLineHash: fingerprint(finding) },
      ...(justification === undefined
        ? {}
        : { suppressions: [{ kind: 'external', status: 'accepted', justification }] }),
    };
  });
  const driver = { name, version, rules };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results, columnKind: 'utf16CodeUnits' }],
  };
}

function rule({ id, title, severity, url, ecosystem }: Finding): object {
  return {
    id,
    shortDescription: { text: title.slice(0, 1000) },
    // references of advisories may be words, which SARIF takes for no address (3.49.12)
    ...(url !== undefined && URL.canParse(url) ? { helpUri: url } : {}),
    defaultConfiguration: { level: bands[severity].level },
    properties: { tags: ['security', ecosystem], 'security-severity': bands[severity].score },
  };
}

function fingerprint(finding: Finding): string {
  const hash = createHash('sha256').update(JSON.stringify([finding.id, finding.package, lastingPath(finding)]));
  return `${hash.digest('hex').slice(0, 16)}:1`;
}
