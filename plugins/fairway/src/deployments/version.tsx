import type { ComponentProps } from 'react';
import { Alert, Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Time } from '../view/time.tsx';
import { VerdictIcon } from '../view/verdict.tsx';
import verdictClasses from '../view/verdict.module.css';
import { podGroups } from './pods/pod-groups.ts';
import { Pods } from './pods/pods.tsx';

const signs = { ready: 'pass', starting: 'running', failing: 'fail' } as const;

/** One version: how far its rollout is, why it does not go on, and its pods. */
export function Version({ version, ofOne }: ComponentProps<typeof Pods>) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { revision, image, replicas, readyReplicas, createdAt, state, cause, coded, pods } = version;
  // what stands beside the pods is not said twice
  const saidOfPods = podGroups(pods).some(group => group.state === state && group.reason === cause);
  return (
    <Flex direction="column" gap="2">
      <Flex gap="4" align="center" style={{ flexWrap: 'wrap' }}>
        <Text as="h3" weight="bold" title={image}>
          {t('deployments.version', { revision })}
        </Text>
        <span className={verdictClasses.verdict}>
          <VerdictIcon verdict={signs[state]} />
          {t('deployments.ready', { ready: String(readyReplicas), wanted: String(replicas) })}
        </span>
        <Text color="secondary">
          <Time at={createdAt} />
        </Text>
      </Flex>
      {cause && !saidOfPods && (
        <Alert role="status" status={state === 'failing' ? 'danger' : 'info'} icon title={say(cause, coded)} />
      )}
      {pods.length === 0 ? (
        <Text color="secondary">{t(readyReplicas > 0 ? 'deployments.podsUnseen' : 'deployments.noPods')}</Text>
      ) : (
        <Pods version={version} ofOne={ofOne} />
      )}
    </Flex>
  );
}
