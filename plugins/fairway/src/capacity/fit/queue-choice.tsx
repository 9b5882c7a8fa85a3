import { Flex, Select, Text } from '@backstage/ui';
import type { QueuePlace, QueueSource, QueueView } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { useFailureText } from '../../view/use-failure-text.ts';
import { useOperation } from '../../view/use-operation.ts';
import { capacityRefresh } from '../capacity-refresh.ts';

/** Stands for no queue; no name of one. */
const none = '*';

const keyOf = ({ cluster, namespace, name }: QueuePlace) => [cluster, namespace, name].join(' ');

interface QueueChoiceProps {
  readonly chosen: QueuePlace | undefined;
  readonly onChoose: (queue: QueuePlace | undefined) => void;
}

/** Chooses the queue that is to admit the pods, and says of which clusters none is known. */
export function QueueChoice({ chosen, onChoose }: QueueChoiceProps) {
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const { value, error } = useOperation('queues', {}, capacityRefresh);
  if (!value) return error ? <Text color="secondary">{t('queues.failed', { reason: failureText(error) })}</Text> : null;
  const { items, sources } = value;
  // one that was chosen may be gone from the list
  const gone = chosen && !items.some(queue => keyOf(queue) === keyOf(chosen)) ? [chosen] : [];
  return (
    <Flex direction="column" gap="2">
      {(items.length > 0 || chosen) && (
        <Select
          label={t('queues.label')}
          description={t('queues.hint')}
          options={[
            { value: none, label: t('queues.none') },
            ...items.map(queue => ({ value: keyOf(queue), label: optionText(queue) })),
            ...gone.map(queue => ({ value: keyOf(queue), label: optionText({ ...queue, services: [], waiting: 0 }) })),
          ]}
          value={chosen ? keyOf(chosen) : none}
          onChange={key => {
            const queue = items.find(one => keyOf(one) === key);
            onChoose(queue && { cluster: queue.cluster, namespace: queue.namespace, name: queue.name });
          }}
        />
      )}
      <Unknown sources={sources} isEmpty={items.length === 0} />
    </Flex>
  );

  function optionText({ cluster, namespace, name, services, waiting }: Omit<QueueView, 'clusterQueue'>): string {
    const users = services.length > 0 ? ` (${services.join(', ')})` : '';
    const waits = waiting > 0 ? `, ${t('queues.waiting', { waiting: String(waiting) })}` : '';
    return `${t('queues.option', { cluster, namespace, name })}${users}${waits}`;
  }
}

/** Why there may be queues that are not offered, or that there are none. */
function Unknown({ sources, isEmpty }: { readonly sources: readonly QueueSource[]; readonly isEmpty: boolean }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const of = (state: QueueSource['state']) => sources.filter(source => source.state === state);
  const absent = sources.length > 0 && of('absent').length === sources.length;
  return (
    <>
      {of('hidden').map(({ cluster, message = '', coded }) => (
        <Text key={cluster} color="secondary">
          {t('queues.hidden', { cluster, message: say(message, coded) })}
        </Text>
      ))}
      {of('connecting').map(({ cluster }) => (
        <Text key={cluster} color="secondary">
          {t('queues.connecting', { cluster })}
        </Text>
      ))}
      {absent && <Text color="secondary">{t('queues.absent')}</Text>}
      {isEmpty && of('live').length > 0 && <Text color="secondary">{t('queues.empty')}</Text>}
    </>
  );
}
