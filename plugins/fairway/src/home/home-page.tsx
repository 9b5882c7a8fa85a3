import { Flex } from '@backstage/ui';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { Answer } from '../view/answer.tsx';
import { Page } from '../view/page.tsx';
import { useOperation } from '../view/use-operation.ts';
import { Burning } from './burning.tsx';
import { Delivering } from './delivering.tsx';
import { homeRefresh } from './home-refresh.ts';
import classes from './home.module.css';
import { Mine } from './mine.tsx';
import { Waiting } from './waiting.tsx';

/** What needs somebody now; the first page of the app. */
export function HomePage() {
  const asked = useOperation('home', {}, homeRefresh);
  return (
    <Page>
      <Answer asked={asked}>
        {({ clusters, burning, delivering, waiting, mine }) => (
          <>
            <ClusterNotices clusters={clusters} />
            <div className={classes.sections}>
              <Burning burning={burning} />
              <Flex direction="column" gap="4">
                <Delivering delivering={delivering} />
                <Waiting waiting={waiting} clusters={clusters} />
              </Flex>
            </div>
            <Mine mine={mine} />
          </>
        )}
      </Answer>
    </Page>
  );
}
