import type { EngineProfile, Service } from '@fairway/service';
import { jobName } from './indicators.ts';
import type { Indicator, TestSeries } from './indicators.ts';

interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly TestSeries[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

/** `promtool test rules` cases: an outage of each indicator fires its alert, healthy series fire none, a lost target is noticed. */
export function ruleTests(
  service: Service,
  profile: EngineProfile,
  indicators: readonly Indicator[],
  rulesFile: string,
): Record<string, unknown> {
  const up = { series: `up{job="${jobName(service)}"}`, values: '1x150' };
  const healthy = [up, ...indicators.flatMap(indicator => indicator.tests.good)];
  const tests: RuleTest[] = [
    expects('healthy series fire nothing', healthy, 'ALERTS{alertstate="firing"}', 0),
    ...indicators.map(indicator =>
      expects(
        `an outage of ${indicator.objective} fires`,
        [
          up,
          ...indicators.filter(other => other !== indicator).flatMap(other => other.tests.good),
          ...indicator.tests.bad,
        ],
        `ALERTS{alertname="FairwayErrorBudgetBurn",objective="${indicator.objective}",severity="${indicator.pages ? 'page' : 'ticket'}",alertstate="firing"}`,
        1,
      ),
    ),
  ];
  if (profile.metricsPath) {
    tests.push(
      expects('a lost target fires', healthy.slice(1), 'ALERTS{alertname="FairwayTargetDown",alertstate="firing"}', 1),
    );
  }
  return { rule_files: [rulesFile], evaluation_interval: '5m', tests };
}

function expects(name: string, series: readonly TestSeries[], alerts: string, count: number): RuleTest {
  return {
    name,
    interval: '1m',
    input_series: series,
    promql_expr_test: [
      { expr: `count(${alerts}) or vector(0)`, eval_time: '2h', exp_samples: [{ labels: '{}', value: count }] },
    ],
  };
}
