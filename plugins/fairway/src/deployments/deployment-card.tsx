import { type ComponentProps, useId } from 'react';
import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import { ReleaseState } from '../releases/release-state.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ServiceLink } from '../view/service-link.tsx';
import { Traffic } from './traffic.tsx';
import { Version } from './version.tsx';

type DeploymentCardProps = ComponentProps<typeof ReleaseState>;

/** A service in one namespace of one cluster: who gets the traffic, and every version with its pods. */
export function DeploymentCard({ deployment, ...release }: DeploymentCardProps) {
  const { t } = useFairwayText();
  const { service, namespace, cluster, versions } = deployment;
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <Card>
        <CardHeader>
          <Text as="h2" variant="title-x-small" id={titleId}>
            <ServiceLink service={service} namespace={namespace} variant="title-x-small" />{' '}
            {t('deployments.in', { namespace, cluster })}
          </Text>
        </CardHeader>
        <CardBody>
          <Flex direction="column" gap="4">
            <ReleaseState deployment={deployment} {...release} />
            <Traffic versions={versions} />
            {versions.map(version => (
              <Version key={version.revision} version={version} ofOne={release.ofOne} />
            ))}
          </Flex>
        </CardBody>
      </Card>
    </section>
  );
}
