import { Text } from '@backstage/ui';
import type { FleetNode } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import type { Cell } from './cells.ts';
import type { Paint } from './fleet-view.tsx';
import classes from './fleet.module.css';

interface FleetNodeProps {
  readonly node: FleetNode;
  readonly index: number;
  readonly cells: readonly Cell[];
  /** Of a whole GPU that one cell is. */
  readonly part: number;
  readonly paint: Paint;
  /** The cell that the Tab key reaches, when it is one of these. */
  readonly stop: number | undefined;
  readonly onRead: (cell: number) => void;
  readonly onFocus: (cell: number) => void;
}

/** A node and its GPUs. Parts of a GPU stand in the frame of the whole. */
export function FleetNodeView({ node, index, cells, part, paint, stop, onRead, onFocus }: FleetNodeProps) {
  const { t } = useFairwayText();
  const { name, state, taints } = node;
  const parts = Math.max(1, Math.round(1 / part));
  const notes = [...(state === 'usable' ? [] : [t(`fleet.${state}`)]), ...taints];
  return (
    <div role="row" className={classes.node}>
      <div role="rowheader" className={classes.name} title={[name, ...notes].join(', ')}>
        <Text variant="body-small">{name}</Text>{' '}
        {notes.length > 0 && (
          <Text variant="body-small" color="secondary" weight={state === 'usable' ? 'regular' : 'bold'}>
            {notes.join(', ')}
          </Text>
        )}
      </div>
      <div role="presentation" className={classes.cells}>
        {wholes(cells, parts).map((whole, place) => (
          <div key={place} role="presentation" className={parts > 1 ? classes.whole : undefined}>
            {whole.map((cell, slot) => {
              const at = place * parts + slot;
              return (
                <div
                  key={slot}
                  role="gridcell"
                  tabIndex={stop === at ? 0 : -1}
                  data-cell={`${index} ${at}`}
                  aria-label={t(parts > 1 ? 'fleet.partCell' : 'fleet.cell', {
                    node: name,
                    place: String(at + 1),
                    what: paint.textOf(cell),
                  })}
                  className={`${parts > 1 ? classes.part : classes.cell} ${look(cell, paint)}`}
                  onPointerEnter={() => onRead(at)}
                  onFocus={() => {
                    onFocus(at);
                    onRead(at);
                  }}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function look(cell: Cell, paint: Paint): string {
  if (cell.kind !== 'held') return classes[cell.kind] ?? '';
  return `${paint.colourOf(cell.holder)} ${cell.idle ? classes.idle : ''}`;
}

function wholes(cells: readonly Cell[], parts: number): readonly (readonly Cell[])[] {
  return Array.from({ length: Math.ceil(cells.length / parts) }, (_, place) =>
    cells.slice(place * parts, (place + 1) * parts),
  );
}
