import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Flex, Select, Text } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './view.module.css';

interface PagedProps<Item> {
  readonly items: readonly Item[];
  /** On one page, until the reader chooses. */
  readonly most: number;
  /** How the reader ordered them; another order begins at its first page. */
  readonly order?: string;
  readonly children: (page: readonly Item[]) => ReactNode;
}

/** Sizes of a page that a reader can choose beside that of the list; a browser draws so many without a pause. */
const sizes = [20, 50, 100];

/** A part of a long list, with a way to the others; nothing but the list where it is short. */
export function Paged<Item>({ items, most, order = '', children }: PagedProps<Item>) {
  const { t } = useFairwayText();
  // what narrows a list is in the address
  const [address] = useSearchParams();
  const of = `${order} ${address.toString()}`;
  const [turned, setTurned] = useState({ of, from: 0 });
  const [size, setSize] = useState(most);
  const list = useRef<HTMLDivElement>(null);
  // there may be fewer at the next look
  const at = turned.of === of && turned.from < items.length ? turned.from : 0;
  // what stood first stays in view when the size changes
  const first = at - (at % size);
  const shown = items.slice(first, first + size);
  if (items.length <= Math.min(most, size)) return children(shown);
  const lastPage = Math.max(0, Math.ceil(items.length / size) - 1) * size;
  const turn = (from: number) => {
    setTurned({ of, from });
    // a page is read from its begin, and the buttons are at its end
    list.current?.scrollIntoView({ block: 'start' });
  };
  const ways = [
    { name: 'page.first', to: 0, isDisabled: first === 0 },
    { name: 'page.previous', to: first - size, isDisabled: first === 0 },
    { name: 'page.next', to: first + size, isDisabled: first === lastPage },
    { name: 'page.last', to: lastPage, isDisabled: first === lastPage },
  ] as const;
  return (
    <Flex ref={list} direction="column" gap="4" align="stretch">
      {children(shown)}
      <Flex gap="2" align="center" style={{ flexWrap: 'wrap' }}>
        {ways.map(({ name, to, isDisabled }) => (
          <Button key={name} size="small" variant="secondary" isDisabled={isDisabled} onPress={() => turn(to)}>
            {t(name)}
          </Button>
        ))}
        <Text color="secondary">
          {t('page.shown', { first: first + 1, last: first + shown.length, all: items.length })}
        </Text>
        <Select
          size="small"
          className={classes.pageSize}
          aria-label={t('page.size')}
          options={[...new Set([most, ...sizes])]
            .toSorted((one, other) => one - other)
            .map(each => ({ value: String(each), label: t('page.each', { count: each }) }))}
          value={String(size)}
          onChange={chosen => chosen !== null && setSize(Number(chosen))}
        />
      </Flex>
    </Flex>
  );
}
