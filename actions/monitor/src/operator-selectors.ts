import { holdsFor } from '@fairway/service/label-selector';
import type { LabelExpression } from '@fairway/service/label-selector';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

export type Labels = Readonly<Record<string, string>>;

/** As in the API of Kubernetes: an empty one takes everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelExpression[];
}

/** What of a `Prometheus` decides which objects it takes. */
export interface PrometheusObject extends KubernetesObject {
  readonly spec?: {
    readonly prometheusExternalLabelName?: string;
    readonly ruleSelector?: LabelSelector;
    readonly ruleNamespaceSelector?: LabelSelector;
    readonly serviceMonitorSelector?: LabelSelector;
    readonly serviceMonitorNamespaceSelector?: LabelSelector;
  };
}

/** Labels that the objects of a service need besides their own. */
export interface AskedLabels {
  readonly rules: Labels;
  readonly scrapes: Labels;
  /** Why a Prometheus may not take the objects all the same, as whole sentences. */
  readonly problem?: Reason;
}

export const nothingAsked: AskedLabels = { rules: {}, scrapes: {} };

/** The value of a label that only has to exist. */
const present = 'fairway';

/**
 * Which of the cluster's Prometheus answers, by the label that the operator gives each of them; the only one where there is one.
 * @param external labels of the Prometheus that answers, where it says them
 */
export function answeringPrometheus(
  all: readonly PrometheusObject[],
  external: Labels | undefined,
): PrometheusObject | undefined {
  const named = all.find(one => external?.[one.spec?.prometheusExternalLabelName ?? 'prometheus'] === idOf(one));
  return named ?? (all.length === 1 ? all[0] : undefined);
}

/**
 * The labels with which a Prometheus takes the rules and the scrape configuration of a service.
 * @param namespace of the service, with its labels where they may be read
 */
export function labelsFor(
  prometheus: PrometheusObject,
  service: { readonly name: string; readonly namespace: string },
  namespace: Labels | undefined,
): AskedLabels {
  const spec = prometheus.spec ?? {};
  const own = serviceLabels(service.name);
  const problems: Reason[] = [];
  const asked = (field: 'ruleSelector' | 'serviceMonitorSelector'): Labels => {
    const selector = spec[field];
    const labels = selector && labelsOf(selector, own);
    if (!selector) problems.push(reasonOf('monitor.selectorUnset', { field }));
    else if (!labels) problems.push(reasonOf('monitor.selectorApart', { field, selector: JSON.stringify(selector) }));
    return labels ?? {};
  };
  const rules = asked('ruleSelector');
  const scrapes = asked('serviceMonitorSelector');
  for (const field of ['ruleNamespaceSelector', 'serviceMonitorNamespaceSelector'] as const) {
    const selector = spec[field];
    if (!selector && prometheus.metadata.namespace !== service.namespace)
      problems.push(reasonOf('monitor.namespaceUnset', { field, namespace: service.namespace }));
    else if (selector && namespace && !selects(selector, namespace))
      problems.push(
        reasonOf('monitor.namespaceOut', {
          ...{ field, selector: JSON.stringify(selector), namespace: service.namespace },
        }),
      );
  }
  if (problems.length === 0) return { rules, scrapes };
  const said = { prometheus: idOf(prometheus), problems: listOf('list.also', problems) };
  return { rules, scrapes, problem: reasonOf('monitor.selectors', said) };
}

/** The labels that an object needs besides its own; undefined where no labels do. */
function labelsOf(selector: LabelSelector, own: Labels): Labels | undefined {
  const needed: Record<string, string> = { ...selector.matchLabels };
  const expressions = selector.matchExpressions ?? [];
  for (const { key, operator } of expressions) {
    if (operator !== 'In' && operator !== 'Exists') continue;
    const allowed = expressions
      .filter(one => one.key === key && one.operator === 'In')
      .map(({ values = [] }) => values)
      .reduce<readonly string[] | undefined>(
        (some, values) => some?.filter(one => values.includes(one)) ?? values,
        undefined,
      );
    needed[key] ??= own[key] ?? (allowed ? allowed[0] : present) ?? present;
  }
  const labels = { ...needed, ...own };
  if (!selects(selector, labels)) return undefined;
  return Object.fromEntries(Object.entries(needed).filter(([key]) => !(key in own)));
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(expression => holdsFor(expression, labels))
  );
}

export function idOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}
