import { Flex, Text } from '@backstage/ui';
import classes from './view.module.css';

/** What a cell is about, and below it what goes with it. */
export function TwoLines({ first, second }: { readonly first: string; readonly second: string }) {
  return (
    <Flex direction="column" gap="0.5">
      <Text className={classes.name}>{first}</Text>
      <Text variant="body-small" color="secondary" className={classes.name}>
        {second}
      </Text>
    </Flex>
  );
}
