import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { DataTable } from '../../view/data-table.tsx';
import { Time } from '../../view/time.tsx';
import { VerdictIcon } from '../../view/verdict.tsx';
import classes from '../deployments.module.css';
import { podGroups } from './pod-groups.ts';

/** One that starts or ends is no failure. */
const signs = { ready: 'pass', starting: 'running', failing: 'fail', ending: 'none' } as const;

interface PodsTableProps {
  readonly label: string;
  readonly pods: readonly PodView[];
}

/** The pods of a version, each with the real reason when it is not ready, in the order of the picture. */
export function PodsTable({ label, pods }: PodsTableProps) {
  const { t } = useFairwayText();
  const sorted = podGroups(pods).flatMap(group => group.pods);
  return (
    <DataTable
      label={label}
      rows={sorted}
      most={100}
      idOf={({ name }) => name}
      columns={[
        { id: 'pod', label: t('deployments.pod'), sortBy: ({ name }) => name, cell: ({ name }) => name },
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
        { id: 'node', label: t('deployments.node'), sortBy: ({ node }) => node, cell: ({ node }) => node },
        {
          id: 'restarts',
          label: t('deployments.restarts'),
          sortBy: ({ restarts }) => restarts,
          number: true,
          cell: ({ restarts }) => String(restarts),
        },
        {
          id: 'started',
          label: t('deployments.started'),
          sortBy: ({ startedAt }) => startedAt && Date.parse(startedAt),
          cell: ({ startedAt }) => startedAt && <Time at={startedAt} />,
        },
      ]}
    />
  );
}
