import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';

interface PagedProps<Item> {
  readonly items: readonly Item[];
  /** As many as a browser draws without a pause. */
  readonly most: number;
  readonly children: (page: readonly Item[]) => ReactNode;
}

/** A part of a long list, with a way to the others; nothing but the list where it is short. */
export function Paged<Item>({ items, most, children }: PagedProps<Item>) {
  const { t } = useFairwayText();
  const [from, setFrom] = useState(0);
  // there may be fewer at the next look
  const first = from < items.length ? from : 0;
  const shown = items.slice(first, first + most);
  if (items.length <= most) return children(shown);
  return (
    <Flex direction="column" gap="4" align="stretch">
      {children(shown)}
      <Flex gap="2" align="center">
        <Button size="small" variant="secondary" isDisabled={first === 0} onPress={() => setFrom(first - most)}>
          {t('page.previous')}
        </Button>
        <Button
          size="small"
          variant="secondary"
          isDisabled={first + most >= items.length}
          onPress={() => setFrom(first + most)}
        >
          {t('page.next')}
        </Button>
        <Text color="secondary">
          {t('page.shown', {
            first: String(first + 1),
            last: String(first + shown.length),
            all: String(items.length),
          })}
        </Text>
      </Flex>
    </Flex>
  );
}
