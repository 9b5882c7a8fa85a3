import { useSearchParams } from 'react-router-dom';
import type { StageName } from '@fairway/stage/verdict';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { OfEntity, type ServiceOfEntity } from '../view/of-entity.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { DeliveryView } from './delivery-view.tsx';
import { History } from './history/history.tsx';

const refresh: Refresh = { on: ['deliveries'], every: 30 };

/** The tab of an entity that shows its deliveries. */
export function DeliveryTab() {
  return <OfEntity>{of => <Deliveries {...of} />}</OfEntity>;
}

/** One delivery and the history; which one and which stage is kept in the address, so that it can be passed on. */
function Deliveries({ service, namespace }: ServiceOfEntity) {
  const { t } = useFairwayText();
  const [address, setAddress] = useSearchParams();
  const asked = useOperation('deliveries', { path: { service }, query: { namespace } }, refresh);
  const put = (name: string, value: string) =>
    setAddress(
      now => {
        const next = new URLSearchParams(now);
        next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <Answer asked={asked}>
      {({ items: [newest] }) => {
        if (!newest) return <Empty title={t('delivery.empty')} description={t('delivery.emptyHint')} />;
        const shown = address.get('delivery') ?? newest.id;
        return (
          <>
            <DeliveryView
              id={shown}
              stage={address.get('stage') ?? undefined}
              onStage={(stage: StageName) => put('stage', stage)}
            />
            <History service={service} namespace={namespace} shown={shown} onShow={id => put('delivery', id)} />
          </>
        );
      }}
    </Answer>
  );
}
