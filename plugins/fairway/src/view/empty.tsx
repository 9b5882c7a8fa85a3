import { Flex, Text } from '@backstage/ui';
import classes from './view.module.css';

/** That there is nothing to see, and what would change that. */
export function Empty({ title, description }: { readonly title: string; readonly description: string }) {
  return (
    <Flex direction="column" gap="1" align="center" className={classes.empty}>
      <Text variant="title-x-small" as="p">
        {title}
      </Text>
      <Text color="secondary">{description}</Text>
    </Flex>
  );
}
