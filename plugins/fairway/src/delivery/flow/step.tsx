import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { StageName } from '@fairway/stage/verdict';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useWord } from '../../translation/use-word.ts';
import { durationText } from '../../view/figures.ts';
import { VerdictIcon } from '../../view/verdict.tsx';
import { shownVerdict } from './shown-verdict.ts';
import classes from './flow.module.css';

export interface StepChoice {
  readonly selected: StageName | undefined;
  /** Id of the element that shows the selected stage. */
  readonly panel: string;
  readonly onSelect: (stage: StageName) => void;
}

interface StepProps extends StepChoice {
  readonly stage: StageName;
  readonly delivery: Delivery;
}

/** One stage in the flow: its verdict and how long it took. */
export function Step({ stage, delivery, selected, panel, onSelect }: StepProps) {
  const { t } = useFairwayText();
  const word = useWord();
  const entry = delivery.record.stages[stage];
  const shown = shownVerdict(delivery, stage);
  const time = entry && durationText(Date.parse(entry.finishedAt) - Date.parse(entry.startedAt));
  const verdict = t(`verdict.${shown}`);
  const isSelected = selected === stage;
  return (
    <button
      type="button"
      className={[classes.step, classes[shown], isSelected ? classes.selected : ''].join(' ')}
      aria-pressed={isSelected}
      aria-controls={panel}
      onClick={() => onSelect(stage)}
    >
      <VerdictIcon verdict={shown} />
      <span className={classes.name} title={stage}>
        {word(stage)}
      </span>{' '}
      {entry && <span className={classes.unseen}>{verdict}</span>}{' '}
      <span className={classes.detail}>{entry?.stale ? t('delivery.stale') : (time ?? verdict)}</span>
    </button>
  );
}
