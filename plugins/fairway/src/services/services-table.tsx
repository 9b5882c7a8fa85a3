import { Flex, Text } from '@backstage/ui';
import type { ServicePlace, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { DataTable } from '../view/data-table.tsx';
import { ServiceLink } from '../view/service-link.tsx';
import { Time } from '../view/time.tsx';
import { TwoLines } from '../view/two-lines.tsx';
import { Verdict } from '../view/verdict.tsx';
import { Firing } from './firing.tsx';
import { RemoveService } from './remove-service.tsx';
import viewClasses from '../view/view.module.css';
import classes from './services.module.css';

interface ServicesTableProps {
  readonly services: readonly ServiceSummary[];
  readonly onRemoved: () => void;
}

export function ServicesTable({ services, onRemoved }: ServicesTableProps) {
  const { t } = useFairwayText();
  return (
    <DataTable
      label={t('services.title')}
      rows={services}
      most={100}
      idOf={({ namespace, name }) => `${namespace}/${name}`}
      columns={[
        {
          id: 'service',
          label: t('services.service'),
          sortBy: ({ name }) => name,
          cell: service => <Name service={service} onRemoved={onRemoved} />,
        },
        // what burns is seen at any width
        {
          id: 'alerts',
          label: t('services.alerts'),
          sortBy: ({ firingAlerts }) => firingAlerts,
          cell: ({ firingAlerts }) => <Firing count={firingAlerts} />,
        },
        {
          id: 'production',
          label: t('services.production'),
          cell: service => <Production service={service} onRemoved={onRemoved} />,
        },
        {
          id: 'last',
          label: t('services.lastDelivery'),
          sortBy: ({ lastDelivery }) => Date.parse(lastDelivery.finishedAt),
          cell: ({ lastDelivery }) => (
            <Flex direction="column" gap="0.5">
              <Verdict verdict={lastDelivery.verdict} />
              <Text variant="body-small" color="secondary">
                <Time at={lastDelivery.finishedAt} />
              </Text>
            </Flex>
          ),
        },
        { id: 'objectives', label: t('services.objectives'), cell: service => <Objectives {...service} /> },
        {
          id: 'model',
          label: t('services.model'),
          sortBy: ({ model }) => model,
          cell: ({ model, engine }) => <TwoLines first={model} second={engine} />,
        },
        {
          id: 'owner',
          label: t('filter.owner'),
          sortBy: ({ owner }) => owner,
          cell: ({ owner, namespace }) => <TwoLines first={owner} second={namespace} />,
        },
      ]}
    />
  );
}

/** With what is wrong with its record, which the catalog shows in part only. */
function Name({ service, onRemoved }: { readonly service: ServiceSummary; readonly onRemoved: () => void }) {
  const say = useReasonText();
  const { name, namespace, state, problems = [], codedProblems = [] } = service;
  const texts = problems.map((problem, place) => say(problem, codedProblems[place]));
  return (
    <Flex direction="column" gap="0.5" className={viewClasses.name}>
      <ServiceLink service={name} namespace={namespace} />
      {state === 'decommissioned' && <RemoveService service={service} onRemoved={onRemoved} />}
      {texts.map(problem => (
        <Text key={problem} variant="body-small" color="warning" className={classes.reason} title={problem}>
          {problem}
        </Text>
      ))}
    </Flex>
  );
}

interface ProductionProps {
  readonly service: ServiceSummary;
  readonly onRemoved: () => void;
}

/** What the clusters serve; what a delivery said of it stands in only where no cluster can say. */
function Production({ service, onRemoved }: ProductionProps) {
  const { t } = useFairwayText();
  const { places, released, state } = service;
  const serves = places.some(({ versions }) => versions.some(({ revision }) => revision === released?.revision));
  return (
    <Flex direction="column" gap="0.5">
      {places.map(place => (
        <Flex key={place.cluster} gap="2" align="center" style={{ flexWrap: 'wrap' }}>
          <Where place={place} />
          {place.state === 'decommissioned' && state !== 'decommissioned' && (
            <RemoveService service={service} cluster={place.cluster} onRemoved={onRemoved} />
          )}
        </Flex>
      ))}
      {places.length === 0 && (
        <Text color="secondary">{t(released ? 'services.notSeen' : 'services.notReleased')}</Text>
      )}
      {released && (
        <Text variant="body-small" color="secondary" title={released.digest}>
          {serves
            ? t('services.releasedThen', { when: <Time at={released.since} /> })
            : t('services.released', { revision: released.revision, when: <Time at={released.since} /> })}
        </Text>
      )}
    </Flex>
  );
}

/** A cluster with its environment, and what it has of the service now. */
function Where({ place }: { readonly place: ServicePlace }) {
  const { t } = useFairwayText();
  const { environment, state, versions, decommissionedAt = '' } = place;
  const cluster =
    environment === undefined || environment === place.cluster ? place.cluster : `${place.cluster} (${environment})`;
  if (state === 'serving')
    return (
      <Text>{t('services.serves', { cluster, revisions: versions.map(({ revision }) => revision).join(', ') })}</Text>
    );
  if (state === 'not-serving') return <Text color="danger">{t('services.notServing', { cluster })}</Text>;
  if (state === 'unknown') return <Text color="secondary">{t('services.unseen', { cluster })}</Text>;
  return (
    <Text color="secondary">{t('services.decommissioned', { cluster, when: <Time at={decommissionedAt} /> })}</Text>
  );
}

function Objectives({ objectives }: ServiceSummary) {
  const { t } = useFairwayText();
  const say = useReasonText();
  if (!objectives) return <Text color="secondary">{t('services.notMeasured')}</Text>;
  const said = say(objectives.reason, objectives.coded);
  return (
    <Flex direction="column" gap="0.5">
      <Verdict verdict={objectives.verdict} />
      <Text variant="body-small" color="secondary" className={classes.reason} title={said}>
        {said}
      </Text>
    </Flex>
  );
}
