import { type ReactNode, useId } from 'react';
import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';

/** A card with a heading that names it. */
export function FactCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <Card>
        <CardHeader>
          <Text as="h2" variant="title-x-small" id={titleId}>
            {title}
          </Text>
        </CardHeader>
        <CardBody>
          <Flex direction="column" gap="3">
            {children}
          </Flex>
        </CardBody>
      </Card>
    </section>
  );
}
