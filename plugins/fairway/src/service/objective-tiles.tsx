import { Alert, Text } from '@backstage/ui';
import type { ServiceIndicators, WatchedObjective } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { latencyText } from '../view/latency-text.ts';
import { shareText } from '../view/share-text.ts';
import { Time } from '../view/time.tsx';
import { useOperation } from '../view/use-operation.ts';
import { VerdictIcon } from '../view/verdict.tsx';
import classes from './service.module.css';

interface ObjectiveTilesProps {
  readonly indicators: ServiceIndicators;
  /** Its load test is the last that measured goodput. */
  readonly lastDelivery: string | undefined;
}

/** Each objective in the last hour, and what is left of its error budget. */
export function ObjectiveTiles({ indicators, lastDelivery }: ObjectiveTilesProps) {
  const { t } = useFairwayText();
  const { objectives } = indicators;
  if (objectives.length === 0)
    return (
      <Alert role="status" status="warning" icon title={t('service.noFile')} description={t('service.noFileHint')} />
    );
  return (
    <ul className={classes.tiles}>
      {objectives.map(objective => (
        <li key={objective.name} className={classes.tile}>
          <Text as="h3" color="secondary">
            {t(`service.${objective.name}`)}
          </Text>
          {objective.bad ? (
            <Watched objective={objective} />
          ) : (
            <Goodput allowed={objective.allowed} delivery={lastDelivery} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Watched({ objective }: { readonly objective: WatchedObjective }) {
  const { t } = useFairwayText();
  const { allowed, milliseconds, badLastHour, budgetLeft = [] } = objective;
  if (badLastHour === undefined)
    return (
      <>
        <Text color="secondary">{t('service.noRequests')}</Text>
        <Budget left={lastOf(budgetLeft)} />
      </>
    );
  const share = shareText(1 - badLastHour);
  return (
    <>
      <Text as="p" variant="title-small" className={classes.figure}>
        {milliseconds === undefined ? share : t('service.within', { share, limit: latencyText(milliseconds) })}
      </Text>
      <Judged met={badLastHour <= allowed} allowed={allowed} />
      <Budget left={lastOf(budgetLeft)} />
    </>
  );
}

function Judged({ met, allowed }: { readonly met: boolean; readonly allowed: number }) {
  const { t } = useFairwayText();
  return (
    <span className={classes.judged}>
      <VerdictIcon verdict={met ? 'pass' : 'fail'} />
      {t(met ? 'service.met' : 'service.missed', { share: shareText(1 - allowed) })}
    </span>
  );
}

function Budget({ left }: { readonly left: number | undefined }) {
  const { t } = useFairwayText();
  if (left === undefined) return <Text color="secondary">{t('service.budgetUnknown')}</Text>;
  if (left < 0) return <Text color="danger">{t('service.budgetOver', { share: shareText(-left) })}</Text>;
  return (
    <>
      <Text color="secondary">{t('service.budgetLeft', { share: shareText(left) })}</Text>
      <span className={classes.budget} aria-hidden="true">
        <span style={{ inlineSize: `${100 * left}%` }} />
      </span>
    </>
  );
}

/** Of the load test, which counts it request by request. */
function Goodput({ allowed, delivery }: { readonly allowed: number; readonly delivery: string | undefined }) {
  const { t } = useFairwayText();
  const asked = useOperation('delivery', delivery === undefined ? undefined : { path: { id: delivery } });
  const test = asked.value?.record.stages['load-test'];
  const measured = test?.outputs['goodput'];
  if (!test || measured === undefined)
    return (
      <Text color="secondary" title={t('service.goodputHint')}>
        {t('service.goodputUnmeasured')}
      </Text>
    );
  const share = Number(measured) / 100;
  return (
    <>
      <Text as="p" variant="title-small" className={classes.figure}>
        {shareText(share)}
      </Text>
      <Judged met={share >= 1 - allowed} allowed={allowed} />
      <Text color="secondary" title={t('service.goodputHint')}>
        {t('service.goodputMeasured', { when: <Time at={test.finishedAt} /> })}
      </Text>
    </>
  );
}

function lastOf(values: readonly (number | null)[]): number | undefined {
  return values.findLast(value => value !== null) ?? undefined;
}
