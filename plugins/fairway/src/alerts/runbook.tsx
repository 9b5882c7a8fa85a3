import { Button, Dialog, DialogBody, DialogHeader, DialogTrigger, Link } from '@backstage/ui';
import { MarkdownContent } from '@backstage/core-components';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './alerts.module.css';
import { runbookText } from './runbook-text.ts';

/** Opens the runbook of one of Fairway's own rules beside the alert; that of another is a link, or a path that leads nowhere from here. */
export function Runbook({ alert: { name, runbookUrl } }: { readonly alert: Pick<Alert, 'name' | 'runbookUrl'> }) {
  const { t } = useFairwayText();
  if (!runbookUrl) return null;
  const text = runbookText(runbookUrl);
  const linked = URL.canParse(runbookUrl);
  const label = t('alerts.runbookOf', { name });
  if (text === undefined) {
    if (!linked) return <>{runbookUrl}</>;
    return (
      <Link href={runbookUrl} target="_blank" rel="noopener" aria-label={label}>
        {t('alerts.runbook')}
      </Link>
    );
  }
  return (
    <DialogTrigger>
      <Button size="small" variant="secondary" aria-label={label}>
        {t('alerts.runbook')}
      </Button>
      <Dialog className={classes.drawer} width={720}>
        <DialogHeader>{label}</DialogHeader>
        {/* it is longer than a screen and has nothing else that a key could reach and scroll by */}
        <DialogBody role="region" aria-label={label} tabIndex={0}>
          {linked && (
            <Link href={runbookUrl} target="_blank" rel="noopener">
              {runbookUrl}
            </Link>
          )}
          {/* they are written in English alone */}
          <div lang="en">
            <MarkdownContent content={text} linkTarget="_blank" />
          </div>
        </DialogBody>
      </Dialog>
    </DialogTrigger>
  );
}
