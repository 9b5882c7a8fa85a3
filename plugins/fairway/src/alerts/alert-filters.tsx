import { Select } from '@backstage/ui';
import { matchesService } from '@fairway/backstage-plugin-fairway-common';
import type { Alert, ResolvedAlert, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useWord } from '../translation/use-word.ts';
import { FilterBar, filterNames } from '../view/filter-bar.tsx';
import { FilterSelect, optionsOf } from '../view/filter-select.tsx';
import { holdsText } from '../view/text-filter.tsx';
import type { Filters } from '../view/use-filters.ts';
import { groupings } from './groups.ts';

export const alertFilterNames = [...filterNames, 'severity', 'group'] as const;
type AlertFilterValues = Filters<(typeof alertFilterNames)[number]>['values'];

/** From what needs somebody to what does not. */
const states = ['open', 'acknowledged', 'silenced'] as const;

/** An alert with what deliveries say of its service, from which its environment is known; absent where it was never delivered. */
interface KnownAlert<Of extends Alert | ResolvedAlert> {
  readonly alert: Of;
  readonly service: ServiceSummary | undefined;
}

export function knownAlerts<Of extends Alert | ResolvedAlert>(
  alerts: readonly Of[],
  services: readonly ServiceSummary[],
): readonly KnownAlert<Of>[] {
  const summaries = new Map(services.map(service => [`${service.namespace}/${service.name}`, service]));
  return alerts.map(alert => ({
    alert,
    service:
      alert.service === undefined ? undefined : summaries.get(`${alert.namespace ?? alert.service}/${alert.service}`),
  }));
}

export function matchesFilters(
  { alert, service }: KnownAlert<Alert | ResolvedAlert>,
  values: AlertFilterValues,
): boolean {
  const { owner, environment, cluster, severity, state, text } = values;
  return (
    (cluster === undefined || cluster === alert.cluster) &&
    (severity === undefined || severity === alert.severity) &&
    // one that is over has no state
    (state === undefined || 'endedAt' in alert || state === stateOf(alert)) &&
    (owner === undefined || owner === alert.owner || (service !== undefined && matchesService(service, { owner }))) &&
    (environment === undefined ||
      (service !== undefined && matchesService(service, { environment, cluster: alert.cluster }))) &&
    holdsText(text, [alert.name, alert.service, alert.namespace])
  );
}

function stateOf({ state, acknowledged }: Alert): (typeof states)[number] {
  if (state === 'suppressed') return 'silenced';
  return acknowledged ? 'acknowledged' : 'open';
}

interface AlertFiltersProps {
  /** All of them, from which the choices come. */
  readonly alerts: readonly Alert[];
  readonly services: readonly ServiceSummary[];
  readonly clusters: readonly string[];
  readonly filters: Filters<(typeof alertFilterNames)[number]>;
}

/** Narrows the page of alerts, and says what stands together in it. */
export function AlertFilters({ alerts, services, clusters, filters }: AlertFiltersProps) {
  const { t } = useFairwayText();
  const word = useWord();
  const { values, put } = filters;
  const options = {
    owner: optionsOf([...alerts, ...services].map(({ owner }) => owner)),
    environment: optionsOf(services.flatMap(({ places }) => places.map(({ environment }) => environment))),
    cluster: optionsOf(clusters),
    state: states.map(state => ({ value: state, label: t(`alerts.state.${state}`) })),
  };
  return (
    <FilterBar filters={filters} options={options}>
      <FilterSelect
        label={t('alerts.severity')}
        options={optionsOf(alerts.map(({ severity }) => severity)).map(({ value }) => ({ value, label: word(value) }))}
        value={values.severity}
        onChange={value => put('severity', value)}
      />
      <Select
        label={t('alerts.group')}
        size="small"
        options={groupings.map(value => ({ value, label: t(`alerts.group.${value}`) }))}
        value={groupings.find(one => one === values.group) ?? 'service'}
        onChange={key => put('group', key === 'service' ? undefined : String(key))}
      />
    </FilterBar>
  );
}
