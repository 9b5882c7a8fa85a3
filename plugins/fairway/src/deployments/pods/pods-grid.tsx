import { type KeyboardEvent, type SyntheticEvent, memo, useMemo, useState } from 'react';
import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { podGroups } from './pod-groups.ts';
import { nextCell } from './next-cell.ts';
import classes from './pods.module.css';

/** More pods than this get smaller cells. */
const many = 200;

interface PodsGridProps {
  readonly label: string;
  readonly pods: readonly PodView[];
  /** Takes the name of the pod that pointer or focus came to. */
  readonly onRead: (pod: string) => void;
  /** Of each pod, by its name. */
  readonly facts: ReadonlyMap<string, string>;
}

/** A cell for each pod, in rows by state and reason. One stop of the Tab key, and the arrow keys from there on. */
export function PodsGrid({ label, pods, facts, onRead }: PodsGridProps) {
  const { t } = useFairwayText();
  const groups = useMemo(() => podGroups(pods), [pods]);
  const [stop, setStop] = useState<string>();
  // a pod may be gone at the next look
  const reached = stop !== undefined && facts.has(stop) ? stop : groups[0]?.pods[0]?.name;
  const come = ({ type, target }: SyntheticEvent) => {
    const pod = target instanceof HTMLElement ? target.dataset['pod'] : undefined;
    if (pod === undefined) return;
    if (type === 'focus') setStop(pod);
    onRead(pod);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-pod]')];
    const next = nextCell(cells, event);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div
      role="grid"
      aria-label={label}
      className={`${classes.grid} ${pods.length > many ? classes.dense : ''}`}
      onKeyDown={press}
      onPointerOver={come}
      onFocus={come}
    >
      {groups.map(({ state, reason, pods: of }) => (
        <div key={`${state} ${reason}`} role="row" className={classes.group}>
          <div role="rowheader" className={classes.header}>
            <strong>{t(`pods.${state}`, { amount: String(of.length) })}</strong>{' '}
            {reason ?? (of.some(one => one.reason) && t('pods.otherReasons'))}
          </div>
          <div role="presentation" className={classes.cells}>
            {of.map(({ name }) => (
              <PodCell key={name} name={name} state={state} facts={facts.get(name)} stop={name === reached} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

interface PodCellProps extends Pick<PodView, 'name' | 'state'> {
  readonly facts: string | undefined;
  /** Whether the Tab key reaches it. */
  readonly stop: boolean;
}

/** Thousands of them stay as they are while the pointer goes over one. */
const PodCell = memo(function PodCell({ name, state, facts, stop }: PodCellProps) {
  return (
    <div
      role="gridcell"
      tabIndex={stop ? 0 : -1}
      data-pod={name}
      aria-label={facts}
      className={`${classes.pod} ${classes[state]}`}
    />
  );
});
