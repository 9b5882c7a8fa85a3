import { Button, Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useWord } from '../../translation/use-word.ts';
import { Answer } from '../../view/answer.tsx';
import { DataTable } from '../../view/data-table.tsx';
import { Time } from '../../view/time.tsx';
import { useOperation } from '../../view/use-operation.ts';
import { Verdict } from '../../view/verdict.tsx';
import { differences } from './differences.ts';
import type { Side } from './differences.ts';
import { FindingsChange } from './findings-change.tsx';

interface ComparisonProps {
  readonly one: string;
  readonly other: string;
  readonly onClose: () => void;
}

/** Two deliveries side by side, the older one first. */
export function Comparison({ one, other, onClose }: ComparisonProps) {
  const { t } = useFairwayText();
  const first = useOperation('delivery', { path: { id: one } });
  const second = useOperation('delivery', { path: { id: other } });
  return (
    <Card>
      <CardHeader>
        <Flex justify="between" align="center">
          <Text as="h4" weight="bold">
            {t('diff.title')}
          </Text>
          <Button size="small" variant="secondary" onPress={onClose}>
            {t('diff.close')}
          </Button>
        </Flex>
      </CardHeader>
      <CardBody>
        <Answer asked={first}>
          {a => (
            <Answer asked={second}>
              {b => (a.finishedAt <= b.finishedAt ? <Changes older={a} newer={b} /> : <Changes older={b} newer={a} />)}
            </Answer>
          )}
        </Answer>
      </CardBody>
    </Card>
  );
}

function Changes({ older, newer }: { readonly older: Delivery; readonly newer: Delivery }) {
  const { t } = useFairwayText();
  const word = useWord();
  const rows = differences(older, newer);
  const names: Readonly<Record<string, string>> = {
    delivery: t('history.delivery'),
    image: t('diff.image'),
    commit: t('diff.commit'),
  };
  const column = ({ id, finishedAt }: Delivery) => (
    <>
      {id.slice(0, 8)}, <Time at={finishedAt} />
    </>
  );
  return (
    <Flex direction="column" gap="3">
      <Text role="status">
        {rows.length === 0 ? t('diff.same') : t('diff.changed', { amount: String(rows.length) })}
      </Text>
      {rows.length > 0 && (
        <DataTable
          label={t('diff.title')}
          rows={rows}
          idOf={({ of, figure }) => [of, figure].join(' ')}
          columns={[
            {
              id: 'field',
              label: t('diff.field'),
              cell: ({ of, figure }) => [names[of] ?? word(of), figure].filter(Boolean).join(': '),
            },
            { id: 'older', label: column(older), cell: row => <SideCell side={row.older} /> },
            { id: 'newer', label: column(newer), cell: row => <SideCell side={row.newer} /> },
          ]}
        />
      )}
      <FindingsChange older={older} newer={newer} />
    </Flex>
  );
}

function SideCell({ side }: { readonly side: Side }) {
  const { t } = useFairwayText();
  if (!side) return <Text color="secondary">{t('diff.none')}</Text>;
  if ('verdict' in side) return <Verdict verdict={side.verdict} />;
  return <Text title={side.text}>{side.text.startsWith('sha256:') ? side.text.slice(0, 19) : side.text}</Text>;
}
