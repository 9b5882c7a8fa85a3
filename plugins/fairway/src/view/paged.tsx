import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Flex, Text } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import { useFairwayText } from '../translation/use-fairway-text.ts';

interface PagedProps<Item> {
  readonly items: readonly Item[];
  /** As many as a browser draws without a pause. */
  readonly most: number;
  /** How the reader ordered them; another order begins at its first page. */
  readonly order?: string;
  readonly children: (page: readonly Item[]) => ReactNode;
}

/** A part of a long list, with a way to the others; nothing but the list where it is short. */
export function Paged<Item>({ items, most, order = '', children }: PagedProps<Item>) {
  const { t } = useFairwayText();
  // what narrows a list is in the address
  const [address] = useSearchParams();
  const of = `${order} ${address.toString()}`;
  const [turned, setTurned] = useState({ of, from: 0 });
  const list = useRef<HTMLDivElement>(null);
  // there may be fewer at the next look
  const first = turned.of === of && turned.from < items.length ? turned.from : 0;
  const shown = items.slice(first, first + most);
  if (items.length <= most) return children(shown);
  const turn = (from: number) => {
    setTurned({ of, from });
    // a page is read from its begin, and the buttons are at its end
    list.current?.scrollIntoView({ block: 'start' });
  };
  return (
    <Flex ref={list} direction="column" gap="4" align="stretch">
      {children(shown)}
      <Flex gap="2" align="center">
        <Button size="small" variant="secondary" isDisabled={first === 0} onPress={() => turn(first - most)}>
          {t('page.previous')}
        </Button>
        <Button
          size="small"
          variant="secondary"
          isDisabled={first + most >= items.length}
          onPress={() => turn(first + most)}
        >
          {t('page.next')}
        </Button>
        <Text color="secondary">
          {t('page.shown', { first: first + 1, last: first + shown.length, all: items.length })}
        </Text>
      </Flex>
    </Flex>
  );
}
