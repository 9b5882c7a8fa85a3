import type { Fleet } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { colourClass } from './fleet-view.tsx';
import classes from './fleet.module.css';
import type { groupsOf, HolderGroup } from './groups.ts';

interface FleetLegendProps {
  readonly fleet: Fleet;
  readonly groups: ReturnType<typeof groupsOf>;
  /** Key of the group that is shown alone. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
}

/** Who holds how many, in whole GPUs, and what the cells that nobody holds mean. A line shows its cells alone. */
export function FleetLegend({ fleet: { pools }, groups, chosen, onChoose }: FleetLegendProps) {
  const { t } = useFairwayText();
  const coloured = groups.filter(({ colour }) => colour !== undefined);
  const others = groups.filter(({ colour }) => colour === undefined);
  const sumOf = (of: (pool: Fleet['pools'][number]) => number) =>
    String(Math.round(10 * pools.reduce((sum, pool) => sum + of(pool) * pool.part, 0)) / 10);
  const textOf = ({
    name,
    namespace = '',
    count,
    idle,
  }: Pick<HolderGroup, 'name' | 'namespace' | 'count' | 'idle'>) => {
    const parts = {
      name: name ?? (namespace === '' ? t('fleet.hidden') : t('fleet.unowned', { namespace })),
      amount: String(count),
      idle: String(idle),
    };
    return t(idle > 0 ? 'fleet.sumIdle' : 'fleet.sum', parts);
  };
  const rest = others.reduce((sum, { count, idle }) => ({ count: sum.count + count, idle: sum.idle + idle }), {
    count: 0,
    idle: 0,
  });
  return (
    <ul className={classes.legend}>
      {coloured.map(group => (
        <li key={group.key}>
          <button
            type="button"
            className={classes.choice}
            aria-pressed={chosen === group.key}
            title={t('fleet.choose', { name: group.name ?? group.namespace ?? '' })}
            onClick={() => onChoose(chosen === group.key ? undefined : group.key)}
          >
            <span className={`${classes.cell} ${colourClass(group.colour)}`} aria-hidden="true" /> {textOf(group)}
          </button>
        </li>
      ))}
      {others.length > 0 && (
        <li>
          <span className={`${classes.cell} ${classes.colourless}`} aria-hidden="true" />{' '}
          {textOf({ name: t('fleet.others', { amount: String(others.length) }), ...rest })}
        </li>
      )}
      <li>
        <span className={`${classes.cell} ${classes.free}`} aria-hidden="true" />{' '}
        {t('fleet.sum', { name: t('fleet.free'), amount: sumOf(({ free }) => free) })}
      </li>
      <li>
        <span className={`${classes.cell} ${classes.colourless} ${classes.idle}`} aria-hidden="true" />{' '}
        {t('fleet.idle')}
      </li>
      <li>
        <span className={`${classes.cell} ${classes.blocked}`} aria-hidden="true" /> {t('fleet.blocked')}
      </li>
      <li>
        <span className={`${classes.cell} ${classes.lost}`} aria-hidden="true" />{' '}
        {t('fleet.sum', {
          name: t('fleet.lost'),
          amount: sumOf(({ installed, allocatable }) => installed - allocatable),
        })}
      </li>
    </ul>
  );
}
