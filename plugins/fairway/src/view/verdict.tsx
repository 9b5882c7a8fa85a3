import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiLoader4Line,
  RiQuestionFill,
  RiSkipForwardFill,
  RiSubtractLine,
} from '@remixicon/react';
import type { DeliveryVerdict } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './verdict.module.css';

export type ShownVerdict = DeliveryVerdict | 'none';

const icons = {
  pass: RiCheckboxCircleFill,
  fail: RiCloseCircleFill,
  inconclusive: RiQuestionFill,
  skipped: RiSkipForwardFill,
  running: RiLoader4Line,
  none: RiSubtractLine,
} as const;

/** The sign of a verdict; its form differs too, so that nothing is told by colour alone. */
export function VerdictIcon({ verdict, size = 18 }: { readonly verdict: ShownVerdict; readonly size?: number }) {
  const Icon = icons[verdict];
  return <Icon aria-hidden="true" size={size} className={`${classes.icon} ${classes[verdict]}`} />;
}

/** A verdict with its word. */
export function Verdict({ verdict }: { readonly verdict: ShownVerdict }) {
  const { t } = useFairwayText();
  return (
    <span className={classes.verdict}>
      <VerdictIcon verdict={verdict} />
      {t(`verdict.${verdict}`)}
    </span>
  );
}
