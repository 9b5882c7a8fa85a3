import type { ReactNode } from 'react';
import { Flex } from '@backstage/ui';
import { Answer } from '../view/answer.tsx';
import { useOperation } from '../view/use-operation.ts';
import { Burning } from './burning.tsx';
import { Delivering } from './delivering.tsx';
import { homeRefresh } from './home-refresh.ts';
import classes from './home.module.css';
import { Mine } from './mine.tsx';
import { FairwayAddress } from './use-sibling.ts';

/** Lines of each list: a card stands beside others. */
const shown = 5;

/** What burns, what is being delivered and what is one's own, on the home page of a portal that has other things, too. */
export function HomeCard({ address }: { readonly address: string }) {
  const asked = useOperation('home', {}, homeRefresh);
  return (
    <FairwayAddress.Provider value={address}>
      <div className={classes.card}>
        <Answer asked={asked}>
          {({ burning, delivering, mine }) => (
            <Flex direction="column" gap="3">
              <Burning burning={firstOf(burning)} />
              <Delivering delivering={firstOf(delivering)} />
              <Mine mine={firstOf(mine)} />
            </Flex>
          )}
        </Answer>
      </div>
    </FairwayAddress.Provider>
  );
}

/**
 * The card as a home page takes it; its lists have frames and titles of their own.
 * @param useAddress of the page of Fairway, which each frontend system finds its own way
 */
export function homeCardParts(useAddress: () => string) {
  return {
    Content: () => <HomeCard address={useAddress()} />,
    Renderer: ({ Content }: { readonly Content: () => ReactNode }) => <Content />,
  };
}

function firstOf<List extends { readonly items: readonly unknown[] }>(list: List): List {
  return { ...list, items: list.items.slice(0, shown) };
}
