import { Button, Flex, Text } from '@backstage/ui';
import type { LogLine } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import { useLanguage } from '../view/use-language.ts';
import classes from './logs.module.css';

interface LogTableProps {
  /** The newest first. */
  readonly lines: readonly LogLine[];
  /** Asks for everything about one request. */
  readonly onRequest: (requestId: string) => void;
}

export function LogTable({ lines, onRequest }: LogTableProps) {
  const { t } = useFairwayText();
  const format = new Intl.DateTimeFormat(useLanguage(), {
    ...({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
    fractionalSecondDigits: 3,
  });
  return (
    <DataTable
      label={t('logs.title')}
      // the same line may stand twice at one time: its place makes it another
      rows={lines.map((line, index) => ({ line, id: String(index) }))}
      idOf={({ id }) => id}
      columns={[
        {
          id: 'time',
          label: t('logs.time'),
          cell: ({ line: { time } }) => (
            <time dateTime={time} title={time} className={classes.time}>
              {format.format(new Date(time))}
            </time>
          ),
        },
        { id: 'level', label: t('logs.level'), cell: ({ line }) => <Level level={line.level} /> },
        { id: 'source', label: t('logs.source'), cell: ({ line }) => <Source line={line} /> },
        {
          id: 'message',
          label: t('logs.message'),
          cell: ({ line }) => <Text className={classes.message}>{line.message}</Text>,
        },
        { id: 'tenant', label: t('logs.tenant'), cell: ({ line }) => line.tenant },
        {
          id: 'duration',
          label: t('logs.duration'),
          number: true,
          cell: ({ line: { durationMilliseconds: ms } }) => (ms === undefined ? undefined : `${ms} ms`),
        },
        {
          id: 'request',
          label: t('logs.request'),
          cell: ({ line: { requestId } }) =>
            requestId && (
              <Button
                size="small"
                variant="tertiary"
                aria-label={t('logs.ofRequest', { id: requestId })}
                onPress={() => onRequest(requestId)}
              >
                {requestId.slice(0, 8)}
              </Button>
            ),
        },
      ]}
    />
  );
}

function Level({ level }: { readonly level: string }) {
  const colour = { error: classes.error, warn: classes.warn }[level];
  return <span className={colour}>{level}</span>;
}

/** Who wrote it: the gateway or the firewall, or the engine with its version and pod. */
function Source({ line: { dataset, version, pod } }: { readonly line: LogLine }) {
  return (
    <Flex direction="column" gap="0.5">
      <Text>{dataset}</Text>
      <Text color="secondary" title={pod}>
        {version ?? pod}
      </Text>
    </Flex>
  );
}
