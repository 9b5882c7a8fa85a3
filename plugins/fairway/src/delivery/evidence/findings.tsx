import { Flex, Link, Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useWord } from '../../translation/use-word.ts';
import { Bars } from '../../view/bars.tsx';
import type { Bar } from '../../view/bars.tsx';
import { DataTable } from '../../view/data-table.tsx';
import { Time } from '../../view/time.tsx';
import { findingKey, severityCounts, severityRank, sortedFindings } from './findings-schema.ts';
import type { Finding, ScanResult } from './findings-schema.ts';

export { findingsSchema } from './findings-schema.ts';

const kinds: Readonly<Record<string, Bar['kind']>> = { critical: 'bad', high: 'bad', medium: 'notable' };

/** What a scan found: how many of each severity, and the worst in a table. */
export function Findings({ of }: { readonly of: ScanResult }) {
  const { t } = useFairwayText();
  return (
    <Flex direction="column" gap="3">
      <SeverityBars label={t('findings.title')} findings={of.findings} />
      <FindingsTable label={t('findings.title')} findings={of.findings} />
      <Scanned by={of} />
    </Flex>
  );
}

interface FindingsProps {
  readonly label: string;
  readonly findings: readonly Finding[];
}

export function SeverityBars({ label, findings }: FindingsProps) {
  const { t } = useFairwayText();
  const word = useWord();
  if (findings.length === 0) return <Text>{t('findings.none')}</Text>;
  return (
    <Bars
      label={label}
      whole={findings.length}
      bars={severityCounts(findings).map(({ severity, count }) => ({
        id: severity,
        text: t('findings.count', { amount: String(count), severity: word(severity) }),
        value: count,
        kind: kinds[severity],
      }))}
    />
  );
}

export function FindingsTable({ label, findings }: FindingsProps) {
  const { t } = useFairwayText();
  const word = useWord();
  if (findings.length === 0) return null;
  return (
    <DataTable
      label={label}
      rows={sortedFindings(findings)}
      most={15}
      idOf={findingKey}
      columns={[
        {
          id: 'id',
          label: t('findings.id'),
          sortBy: ({ id }) => id,
          cell: ({ id, url }) => (url ? <FindingLink id={id} url={url} /> : id),
        },
        { id: 'severity', label: t('findings.severity'), sortBy: severityRank, cell: ({ severity }) => word(severity) },
        {
          id: 'package',
          label: t('findings.package'),
          sortBy: finding => finding.package,
          cell: ({ package: of, path }) => (path ? `${of} (${path})` : of),
        },
        { id: 'installed', label: t('findings.installed'), cell: ({ installed }) => installed },
        {
          id: 'fixed',
          label: t('findings.fixed'),
          sortBy: ({ fixed }) => fixed ?? undefined,
          cell: ({ fixed }) => fixed ?? t('findings.noFix'),
        },
      ]}
    />
  );
}

function FindingLink({ id, url }: { readonly id: string; readonly url: string }) {
  return (
    <Link href={url} target="_blank" rel="noopener">
      {id}
    </Link>
  );
}

export function Scanned({ by: { scanner, databaseDate } }: { readonly by: ScanResult }) {
  const { t } = useFairwayText();
  if (!databaseDate) return null;
  return (
    <Text color="secondary">
      {t('findings.scanned', { scanner: `${scanner.name} ${scanner.version}`, date: <Time at={databaseDate} /> })}
    </Text>
  );
}
