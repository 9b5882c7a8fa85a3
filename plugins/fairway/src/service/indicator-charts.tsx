import { Text } from '@backstage/ui';
import type { LatencySeries, ServiceIndicators } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { figureText } from '../view/figures.ts';
import { latencyText } from '../view/latency-text.ts';
import { LineChart } from '../view/line-chart.tsx';
import { shareText } from '../view/share-text.ts';
import classes from '../view/view.module.css';

/** The indicators over time, each with its objective as a line. */
export function IndicatorCharts({ indicators }: { readonly indicators: ServiceIndicators }) {
  const { t } = useFairwayText();
  const { from, step, objectives, latencies, requests, versions, withoutHistograms, ownGateway } = indicators;
  const axis = { from, step, empty: t('service.noData') };
  const success = objectives.find(({ name }) => name === 'availability');
  const budgets = objectives.filter(({ budgetLeft }) => budgetLeft !== undefined);
  const rate = (value: number) => String(Number(figureText(value)));
  return (
    <>
      {withoutHistograms && (
        <Text color="secondary">{t('service.withoutHistograms', { engine: withoutHistograms })}</Text>
      )}
      {ownGateway && <Text color="secondary">{t('service.ownGateway', { gateway: ownGateway })}</Text>}
      <div className={classes.charts}>
        {success?.bad && (
          <LineChart
            {...axis}
            title={t('service.successChart')}
            lines={[{ name: t('service.availability'), values: good(success.bad) }]}
            limit={{ name: t('service.objectiveLine'), value: 1 - success.allowed }}
            bounds={{ most: 1 }}
            text={shareText}
          />
        )}
        {budgets.length > 0 && (
          <LineChart
            {...axis}
            title={t('service.budgetChart')}
            hint={t('service.budgetChartHint')}
            lines={budgets.map(({ name, budgetLeft = [] }) => ({ name: t(`service.${name}`), values: budgetLeft }))}
            limit={{ name: t('service.exhausted'), value: 0 }}
            bounds={{ holds: 1, least: -1, most: 1 }}
            text={shareText}
          />
        )}
        {latencies.map(latency => (
          <Latency key={latency.name} axis={axis} latency={latency} />
        ))}
        {!ownGateway && (
          <LineChart
            {...axis}
            title={t('service.requestsChart')}
            lines={[{ name: t('service.requestsChart'), values: requests }]}
            bounds={{ holds: 0 }}
            text={rate}
          />
        )}
        <LineChart
          {...axis}
          title={t('service.tokensChart')}
          hint={t('service.tokensChartHint')}
          lines={versions.map(({ revision, values }) => ({ name: revision, values }))}
          bounds={{ holds: 0 }}
          text={rate}
        />
      </div>
    </>
  );
}

interface LatencyProps {
  readonly axis: { readonly from: number; readonly step: number; readonly empty: string };
  readonly latency: LatencySeries;
}

function Latency({ axis, latency: { name, limit, lines } }: LatencyProps) {
  const { t } = useFairwayText();
  return (
    <LineChart
      {...axis}
      title={t(`service.${name}`)}
      lines={lines.map(({ percentile, values }) => ({
        name: t('service.percentile', { percentile: String(percentile) }),
        values,
      }))}
      limit={limit && { name: t('service.limit', { percentile: String(limit.percentile) }), value: limit.milliseconds }}
      bounds={{ holds: 0 }}
      text={latencyText}
    />
  );
}

function good(bad: readonly (number | null)[]): (number | null)[] {
  return bad.map(share => (share === null ? null : 1 - share));
}
