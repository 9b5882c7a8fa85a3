import { Alert, Flex, Text } from '@backstage/ui';
import type { CapacityTrend } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { Answer } from '../../view/answer.tsx';
import { ClusterFilter } from '../../view/cluster-filter.tsx';
import { Empty } from '../../view/empty.tsx';
import { figureText } from '../../view/figures.ts';
import { LineChart } from '../../view/line-chart.tsx';
import { Paged } from '../../view/paged.tsx';
import { PartialAnswer } from '../../view/partial-answer.tsx';
import { useFilters } from '../../view/use-filters.ts';
import { useOperation } from '../../view/use-operation.ts';
import type { Refresh } from '../../view/use-operation.ts';
import classes from '../../view/view.module.css';

/** Days that are over change when the next one is. */
const refresh: Refresh = { on: [], every: 3600 };

/** The GPUs of the last 30 days: a chart for each class in each cluster. */
export function Trend() {
  const { t } = useFairwayText();
  const asked = useOperation('capacityTrend', {}, refresh);
  return (
    <section aria-labelledby="fairway-gpu-trend">
      <Flex direction="column" gap="3">
        <Text as="h2" weight="bold" id="fairway-gpu-trend">
          {t('trend.title')}
        </Text>
        <Text color="secondary">{t('trend.hint')}</Text>
        <Answer asked={asked}>{trend => <Charts trend={trend} />}</Answer>
      </Flex>
    </section>
  );
}

function Charts({ trend: { from, step, clusters, classes: all } }: { readonly trend: CapacityTrend }) {
  const { t } = useFairwayText();
  const { values, put } = useFilters(['cluster']);
  const shown = all.filter(({ cluster }) => values.cluster === undefined || cluster === values.cluster);
  return (
    <>
      <Unknown clusters={clusters} />
      {all.length === 0 ? (
        <Empty title={t('trend.empty')} description={t('trend.emptyHint')} />
      ) : (
        <>
          <ClusterFilter
            clusters={clusters.map(({ name }) => name)}
            value={values.cluster}
            onChange={value => put('cluster', value)}
          />
          <Paged items={shown} most={12}>
            {page => (
              <div className={classes.charts}>
                {page.map(({ cluster, class: gpuClass, ...lines }) => (
                  <LineChart
                    key={`${cluster} ${gpuClass}`}
                    title={t('fleet.pool', { gpuClass, cluster })}
                    {...{ from, step }}
                    lines={(['capacity', 'requested', 'used'] as const).map(name => ({
                      name: t(`trend.${name}`),
                      values: lines[name],
                    }))}
                    bounds={{ holds: 0 }}
                    text={value => String(Number(figureText(value)))}
                    empty={t('trend.noData')}
                  />
                ))}
              </div>
            )}
          </Paged>
        </>
      )}
    </>
  );
}

/** The clusters of which nobody can say what was: no line is then no sign that there was nothing. */
function Unknown({ clusters }: Pick<CapacityTrend, 'clusters'>) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const of = (state: CapacityTrend['clusters'][number]['state']) => clusters.filter(one => one.state === state);
  const unmonitored = of('unmonitored').map(({ name }) => name);
  return (
    <>
      {unmonitored.length > 0 && (
        <Text color="secondary" role="status">
          {t('trend.unmonitored', { clusters: unmonitored.join(', ') })}
        </Text>
      )}
      {clusters.map(({ name, partial }) => (
        <PartialAnswer key={name} cluster={name} words={partial} />
      ))}
      {of('unreachable').map(({ name, message, coded }) => (
        <Alert
          key={name}
          role="status"
          status="warning"
          icon
          title={t('trend.unreachable', { clusters: name })}
          description={say(message, coded)}
        />
      ))}
    </>
  );
}
