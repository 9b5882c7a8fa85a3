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
  const [only, ...others] = versions;
  // a sentence, which needs no line of its own
  const inWords = others.length === 0 && (only?.weight ?? 100) === 100;
  return (
    <section aria-labelledby={titleId}>
      <Card>
        <CardHeader>
          <Flex align="baseline" justify="between" gap="3" style={{ flexWrap: 'wrap' }}>
            <Text as="h2" variant="title-x-small" id={titleId}>
              <ServiceLink service={service} namespace={namespace} variant="title-x-small" />{' '}
              {t('deployments.in', { namespace, cluster })}
            </Text>
            {inWords && <Traffic versions={versions} />}
          </Flex>
        </CardHeader>
        <CardBody>
          <Flex direction="column" gap="4">
            <ReleaseState deployment={deployment} {...release} />
            {!inWords && <Traffic versions={versions} />}
            {versions.map(version => (
              <Version key={version.revision} version={version} ofOne={release.ofOne} />
            ))}
          </Flex>
        </CardBody>
      </Card>
    </section>
  );
}
