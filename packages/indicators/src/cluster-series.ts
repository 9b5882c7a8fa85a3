import type { Service } from '@fairway/service';

/** Labels by which a store of the metrics of several clusters tells them apart, such as `cluster: prod-eu`. */
export type ClusterLabels = Readonly<Record<string, string>>;

/**
 * Makes every selector of every query and rule, so that the same namespace and service name in another cluster never count. A Prometheus
 * adds its external labels to what it sends to others and does not see them itself: its own rules have to take series without them too.
 */
export class ClusterSeries {
  /** What every recorded series and every alert has as well. */
  readonly labels: ClusterLabels;
  readonly #matchers: readonly string[];
  readonly #samples: readonly string[];

  private constructor(labels: ClusterLabels, unlabelled: boolean) {
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    this.labels = Object.fromEntries(sorted);
    this.#samples = sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    this.#matchers = unlabelled
      ? // a matcher that takes the empty text takes series without the label
        sorted.map(([name, value]) => `${name}=~${JSON.stringify(`${literal(value)}|`)}`)
      : this.#samples;
  }

  /** Series that have the labels: those of a store of several clusters. Without labels, all. */
  static labelled(labels: ClusterLabels = {}): ClusterSeries {
    return new ClusterSeries(labels, false);
  }

  /** Series that have the labels, and those that have none of these: for whoever may ask a Prometheus whose external labels they are. */
  static orUnlabelled(labels: ClusterLabels = {}): ClusterSeries {
    return new ClusterSeries(labels, true);
  }

  /**
   * A selector.
   * @param metric empty for series of any name, which then needs matchers
   * @param matchers without braces, such as `job="a",le="1"`
   */
  of(metric: string, matchers = ''): string {
    return selector(metric, matchers, this.#matchers);
  }

  /** One series as the store holds it, with its labels, for tests of rules. */
  sample(metric: string, labels = ''): string {
    return selector(metric, labels, this.#samples);
  }

  /** Those of a neighbour in the same store, for tests of rules. Undefined without labels: then there is no neighbour. */
  neighbour(): ClusterSeries | undefined {
    const entries = Object.entries(this.labels);
    if (entries.length === 0) return undefined;
    return ClusterSeries.labelled(Object.fromEntries(entries.map(([name, value]) => [name, `${value}-2`])));
  }
}

/** As the store shows the series of the cluster that a service is delivered to. */
export function storedSeries({ monitoring }: Pick<Service, 'monitoring'>): ClusterSeries {
  return ClusterSeries.labelled(monitoring?.labels);
}

/** As a Prometheus in the cluster, or a store, shows them: whoever asks does not know which of both answers. */
export function seriesInCluster({ monitoring }: Pick<Service, 'monitoring'>): ClusterSeries {
  return ClusterSeries.orUnlabelled(monitoring?.labels);
}

function selector(metric: string, matchers: string, more: readonly string[]): string {
  const all = [...(matchers === '' ? [] : [matchers]), ...more].join(',');
  return all === '' ? metric : `${metric}{${all}}`;
}

/** A text as a regular expression that takes nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
