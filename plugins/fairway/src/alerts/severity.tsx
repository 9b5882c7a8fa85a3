import { RiAlarmWarningFill, RiAlertFill, RiInformationFill } from '@remixicon/react';
import { useWord } from '../translation/use-word.ts';
import classes from './alerts.module.css';

const signs = new Map([
  ['page', { Icon: RiAlarmWarningFill, className: classes.severe }],
  ['critical', { Icon: RiAlarmWarningFill, className: classes.severe }],
  ['ticket', { Icon: RiAlertFill, className: classes.notable }],
  ['warning', { Icon: RiAlertFill, className: classes.notable }],
]);

/** The severity of a rule, with a sign of its own form. */
export function Severity({ severity }: { readonly severity: string }) {
  const word = useWord();
  const { Icon, className } = signs.get(severity) ?? { Icon: RiInformationFill, className: undefined };
  return (
    <span className={classes.severity}>
      <Icon aria-hidden="true" size={18} className={className} />
      <span title={severity}>{word(severity)}</span>
    </span>
  );
}
