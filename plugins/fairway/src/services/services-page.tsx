import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { Page } from '../view/page.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { ServicesTable } from './services-table.tsx';

const refresh: Refresh = { on: ['deliveries', 'alerts', 'cluster'], every: 60 };

/** All services, the front page of Fairway. */
export function ServicesPage() {
  const { t } = useFairwayText();
  const asked = useOperation('services', {}, refresh);
  return (
    <Page>
      <Answer asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('services.empty')} description={t('services.emptyHint')} />
          ) : (
            <ServicesTable services={items} onRemoved={asked.reload} />
          )
        }
      </Answer>
    </Page>
  );
}
