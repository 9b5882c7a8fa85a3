import { type KeyboardEvent, useId, useState } from 'react';
import { Button, Flex, Text } from '@backstage/ui';
import type { FleetPool } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Answer } from '../../view/answer.tsx';
import { useOperation } from '../../view/use-operation.ts';
import { capacityRefresh } from '../capacity-refresh.ts';
import { cellsOf } from './cells.ts';
import { FleetNodeView } from './fleet-node.tsx';
import type { Paint } from './fleet-view.tsx';
import classes from './fleet.module.css';

interface FleetPoolProps {
  readonly pool: FleetPool;
  readonly simulated: boolean;
  readonly paint: Paint;
}

/** One class of GPUs in one cluster: its nodes, or where there are too many of them the sum until somebody opens it. */
export function FleetPoolView({ pool, simulated, paint }: FleetPoolProps) {
  const { t } = useFairwayText();
  const titleId = useId();
  const [open, setOpen] = useState(false);
  const { cluster, class: gpuClass, resource, part, nodeCount, installed, requested, free, waiting, byHolder } = pool;
  const idle = byHolder.reduce((sum, one) => sum + one.idle, 0);
  const facts = [
    t(part < 1 ? 'fleet.partsFacts' : 'fleet.poolFacts', {
      nodes: String(nodeCount),
      resource,
      installed: String(installed),
      requested: String(requested),
      free: String(free),
    }),
    ...(idle > 0 ? [t('fleet.poolIdle', { idle: String(idle) })] : []),
    ...(waiting > 0 ? [t('fleet.poolWaiting', { waiting: String(waiting) })] : []),
  ];
  return (
    <section aria-labelledby={titleId} className={classes.pool}>
      <Flex align="center" justify="between" gap="3" style={{ flexWrap: 'wrap' }}>
        <Text as="h3" weight="bold" id={titleId}>
          {t('fleet.pool', { gpuClass, cluster })}
        </Text>
        {!pool.nodes && (
          <Button size="small" variant="secondary" onPress={() => setOpen(!open)}>
            {open ? t('fleet.close') : t('fleet.open', { nodes: String(nodeCount) })}
          </Button>
        )}
      </Flex>
      <Text color="secondary">{facts.join(' · ')}</Text>
      {pool.nodes && <Nodes titleId={titleId} pool={pool} paint={paint} />}
      {!pool.nodes && <Sum pool={pool} paint={paint} />}
      {!pool.nodes && open && <Opened titleId={titleId} pool={pool} simulated={simulated} paint={paint} />}
    </section>
  );
}

/** Devices of the pool by holder, as one bar. */
function Sum({ pool: { byHolder, installed, free }, paint }: Pick<FleetPoolProps, 'pool' | 'paint'>) {
  const share = (count: number) => ({ inlineSize: `${(100 * count) / Math.max(1, installed)}%` });
  return (
    <div className={classes.sum} aria-hidden="true">
      {byHolder.map(({ holder, count, idle }) => [
        <span key={holder} className={paint.colourOf(holder)} style={share(count - idle)} />,
        <span key={`${holder} idle`} className={`${paint.colourOf(holder)} ${classes.idle}`} style={share(idle)} />,
      ])}
      <span className={classes.free} style={share(free)} />
    </div>
  );
}

interface OpenedProps extends FleetPoolProps {
  readonly titleId: string;
}

/** The nodes of a pool that has too many for the picture of all. */
function Opened({ titleId, pool, simulated, paint }: OpenedProps) {
  const { cluster, class: gpuClass, resource } = pool;
  const query = { cluster, class: gpuClass, resource, ...(simulated && { simulated: 'true' as const }) };
  const asked = useOperation('fleet', { query }, capacityRefresh);
  return (
    <Answer asked={asked}>
      {({ pools, holders }) =>
        pools
          .filter(one => one.class === gpuClass && one.resource === resource)
          .map(found => (
            // the answer counts its holders for itself
            <Nodes key={gpuClass} titleId={titleId} pool={found} paint={paint.of(holders)} />
          ))
      }
    </Answer>
  );
}

interface NodesProps {
  readonly titleId: string;
  readonly pool: FleetPool;
  readonly paint: Paint;
}

/** The nodes of a pool with their cells; one stop of the Tab key, and the arrow keys from there on. */
function Nodes({ titleId, pool: { nodes = [], part }, paint }: NodesProps) {
  const { t } = useFairwayText();
  const [at, setAt] = useState({ node: 0, cell: 0 });
  const [read, setRead] = useState<string>();
  const rows = nodes.map(node => ({ node, cells: cellsOf(node) }));
  const tell = (node: number, cell: number) => {
    const row = rows[node];
    const found = row?.cells[cell];
    if (row && found)
      setRead(
        t(part < 1 ? 'fleet.partCell' : 'fleet.cell', {
          node: row.node.name,
          place: String(cell + 1),
          what: paint.textOf(found),
        }),
      );
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const node = Math.max(0, Math.min(rows.length - 1, at.node + (step[0] ?? 0)));
    const last = (rows[node]?.cells.length ?? 1) - 1;
    const cell = Math.max(0, Math.min(last, at.cell + (step[1] ?? 0)));
    setAt({ node, cell });
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${node} ${cell}"]`)?.focus();
  };
  return (
    <>
      <div role="grid" aria-labelledby={titleId} className={classes.nodes} onKeyDown={press}>
        {rows.map(({ node, cells }, index) => (
          <FleetNodeView
            key={node.name}
            node={node}
            index={index}
            cells={cells}
            part={part}
            paint={paint}
            stop={at.node === index ? at.cell : undefined}
            onRead={cell => tell(index, cell)}
            onFocus={cell => setAt({ node: index, cell })}
          />
        ))}
      </div>
      <p className={classes.read} aria-hidden="true">
        {read ?? '\u00a0'}
      </p>
    </>
  );
}
