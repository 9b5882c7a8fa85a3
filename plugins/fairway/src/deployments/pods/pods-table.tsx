import { useState } from 'react';
import { Button, Flex, Text } from '@backstage/ui';
import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { DataTable } from '../../view/data-table.tsx';
import { Time } from '../../view/time.tsx';
import { VerdictIcon } from '../../view/verdict.tsx';
import classes from '../deployments.module.css';
import { podGroups } from './pod-groups.ts';

/** One that starts or ends is no failure. */
const signs = { ready: 'pass', starting: 'running', failing: 'fail', ending: 'none' } as const;

/** Rows that a browser draws without a pause. */
const page = 100;

interface PodsTableProps {
  readonly label: string;
  readonly pods: readonly PodView[];
}

/** The pods of a version, each with the real reason when it is not ready, in the order of the picture. */
export function PodsTable({ label, pods }: PodsTableProps) {
  const { t } = useFairwayText();
  const [from, setFrom] = useState(0);
  const sorted = podGroups(pods).flatMap(group => group.pods);
  // there may be fewer at the next look
  const first = from < sorted.length ? from : 0;
  const shown = sorted.slice(first, first + page);
  return (
    <Flex direction="column" gap="2">
      <DataTable
        label={label}
        rows={shown}
        idOf={({ name }) => name}
        columns={[
          { id: 'pod', label: t('deployments.pod'), cell: ({ name }) => name },
          {
            id: 'state',
            label: t('deployments.state'),
            cell: ({ state, reason, phase }) => (
              <span className={classes.state}>
                <VerdictIcon verdict={signs[state]} />
                {state === 'ready' ? t('deployments.podReady') : (reason ?? phase)}
              </span>
            ),
          },
          { id: 'node', label: t('deployments.node'), cell: ({ node }) => node },
          { id: 'restarts', label: t('deployments.restarts'), number: true, cell: ({ restarts }) => String(restarts) },
          {
            id: 'started',
            label: t('deployments.started'),
            cell: ({ startedAt }) => startedAt && <Time at={startedAt} />,
          },
        ]}
      />
      {sorted.length > page && (
        <Flex gap="2" align="center">
          <Button size="small" variant="secondary" isDisabled={first === 0} onPress={() => setFrom(first - page)}>
            {t('pods.previous')}
          </Button>
          <Button
            size="small"
            variant="secondary"
            isDisabled={first + page >= sorted.length}
            onPress={() => setFrom(first + page)}
          >
            {t('pods.next')}
          </Button>
          <Text color="secondary">
            {t('pods.shown', {
              first: String(first + 1),
              last: String(first + shown.length),
              all: String(sorted.length),
            })}
          </Text>
        </Flex>
      )}
    </Flex>
  );
}
