import { Flex, Link, Text } from '@backstage/ui';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { serviceEntityName } from '@fairway/backstage-plugin-fairway-common';
import type { VersionView } from '@fairway/backstage-plugin-fairway-common';
import { useNothingRuns } from '../deployments/nothing-runs.ts';
import { Traffic } from '../deployments/traffic.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { VerdictIcon } from '../view/verdict.tsx';
import verdictClasses from '../view/verdict.module.css';
import { FactCard } from './fact-card.tsx';

const refresh: Refresh = { on: ['cluster'], every: 30 };
const signs = { ready: 'pass', starting: 'running', failing: 'fail' } as const;

interface VersionsNowProps {
  readonly service: string;
  readonly namespace: string;
}

/** The versions that the clusters have now, with their part of the traffic and the state of their pods. */
export function VersionsNow({ service, namespace }: VersionsNowProps) {
  const { t } = useFairwayText();
  const linkOf = useEntityRefLink();
  const nothingRuns = useNothingRuns();
  const asked = useOperation('deployments', { query: { service, namespace } }, refresh);
  return (
    <FactCard title={t('service.versions')}>
      <Answer asked={asked}>
        {({ clusters, items }) => (
          <>
            <ClusterNotices clusters={clusters} />
            {items.length === 0 && <Text color="secondary">{nothingRuns(clusters).title}</Text>}
            {items.map(({ cluster, versions }) => (
              <Flex key={cluster} direction="column" gap="2">
                {items.length > 1 && <Text weight="bold">{cluster}</Text>}
                <Traffic versions={versions} />
                {versions.map(version => (
                  <State key={version.revision} version={version} />
                ))}
              </Flex>
            ))}
          </>
        )}
      </Answer>
      <Link href={`${linkOf(serviceEntityName({ service, namespace }))}/deployments`}>{t('service.pods')}</Link>
    </FactCard>
  );
}

function State({ version }: { readonly version: VersionView }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { revision, replicas, readyReplicas, state, cause, coded } = version;
  return (
    <Flex direction="column" gap="0.5">
      <span className={verdictClasses.verdict}>
        <VerdictIcon verdict={signs[state]} />
        {t('service.ready', { revision, ready: String(readyReplicas), wanted: String(replicas) })}
      </span>
      {cause && <Text color={state === 'failing' ? 'danger' : 'secondary'}>{say(cause, coded)}</Text>}
    </Flex>
  );
}
