import { useMemo, useState } from 'react';
import { Alert, Flex, Text, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import type { Fleet, FleetHolder } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useFilters } from '../../view/use-filters.ts';
import type { Cell } from './cells.ts';
import { FleetLegend } from './fleet-legend.tsx';
import { FleetPoolView } from './fleet-pool.tsx';
import classes from './fleet.module.css';
import { groupKey, groupsOf, type GroupBy } from './groups.ts';

/** Colour and name of who holds a cell. */
export interface Paint {
  /** The same for another answer, whose holders stand at other places. */
  readonly of: (holders: readonly FleetHolder[]) => Paint;
  /** The class of the colour; of all but the chosen group it is faint. */
  readonly colourOf: (holder: number) => string;
  /** A cell in words. */
  readonly textOf: (cell: Cell) => string;
}

/** The GPUs as a picture: cluster, pool, node, GPU, each by who holds it. */
export function FleetView({ fleet }: { readonly fleet: Fleet }) {
  const { t } = useFairwayText();
  const { values, put } = useFilters(['by']);
  const by: GroupBy = values.by === 'service' ? 'service' : 'team';
  const [chosen, setChosen] = useState<string>();
  const groups = useMemo(() => groupsOf(fleet, by), [fleet, by]);
  const paint = usePaint(fleet, by, groups, chosen);
  return (
    <section aria-labelledby="fairway-fleet" className={classes.fleet}>
      <Flex align="end" justify="between" gap="3" style={{ flexWrap: 'wrap' }}>
        <Text as="h2" variant="title-x-small" id="fairway-fleet">
          {t('fleet.title')}
        </Text>
        <Flex align="center" gap="2">
          <Text color="secondary">{t('fleet.by')}</Text>
          <ToggleButtonGroup
            aria-label={t('fleet.by')}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[by]}
            onSelectionChange={([next]) => {
              setChosen(undefined);
              put('by', next === 'service' ? 'service' : undefined);
            }}
          >
            {(['team', 'service'] as const).map(one => (
              <ToggleButton key={one} id={one} size="small">
                {t(`fleet.by.${one}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </Flex>
      </Flex>
      {fleet.simulated && (
        <Alert
          role="status"
          status="warning"
          icon
          title={t('fleet.simulated')}
          description={t('fleet.simulatedHint')}
        />
      )}
      {!fleet.measured && <Text color="secondary">{t('fleet.unmeasured')}</Text>}
      <FleetLegend fleet={fleet} groups={groups} chosen={chosen} onChoose={setChosen} />
      <Text variant="body-small" color="secondary">
        {t('fleet.hint')}
      </Text>
      {fleet.pools.map(pool => (
        <FleetPoolView
          key={`${pool.cluster} ${pool.class} ${pool.resource}`}
          pool={pool}
          simulated={fleet.simulated}
          paint={paint}
        />
      ))}
    </section>
  );
}

function usePaint(
  { holders }: Fleet,
  by: GroupBy,
  groups: ReturnType<typeof groupsOf>,
  chosen: string | undefined,
): Paint {
  const { t } = useFairwayText();
  const colours = new Map(groups.map(({ key, colour }) => [key, colour]));
  const nameOf = ({ namespace, service, owner }: FleetHolder) => {
    if (namespace === '') return t('fleet.hidden');
    if (service === undefined) return t('fleet.unowned', { namespace });
    return owner === undefined ? service : t('fleet.holder', { service, owner });
  };
  const paintOf = (of: readonly FleetHolder[]): Paint => ({
    of: paintOf,
    colourOf: holder => {
      const found = of[holder];
      const key = found && groupKey(found, by);
      const faint = chosen !== undefined && chosen !== key ? classes.faint : '';
      return `${colourClass(key === undefined ? undefined : colours.get(key))} ${faint}`;
    },
    textOf: cell => {
      if (cell.kind !== 'held') return t(`fleet.${cell.kind}`);
      const { pod, holder, idle } = cell;
      const found = of[holder];
      if (found?.namespace === '') return t('fleet.heldByOthers');
      return t(idle ? 'fleet.heldIdle' : 'fleet.heldBy', { pod, name: found ? nameOf(found) : '' });
    },
  });
  return paintOf(holders);
}

const colourClasses = [
  ...[classes.colour0, classes.colour1, classes.colour2, classes.colour3],
  ...[classes.colour4, classes.colour5, classes.colour6, classes.colour7],
];

/** @param colour undefined for all holders without a colour of their own */
export function colourClass(colour: number | undefined): string {
  return (colour === undefined ? classes.colourless : colourClasses[colour]) ?? '';
}
