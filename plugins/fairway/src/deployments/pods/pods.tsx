import { useMemo, useState } from 'react';
import { Button } from '@backstage/ui';
import type { VersionView } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { PodsGrid } from './pods-grid.tsx';
import { PodsTable } from './pods-table.tsx';
import classes from './pods.module.css';
import { usePodFacts } from './use-pod-facts.ts';

/** Pods that a reader of one service sees in the table without asking for it. */
const few = 10;

interface PodsProps {
  readonly version: VersionView;
  /** Whether the page is of this service alone. */
  readonly ofOne: boolean;
}

/** The pods of a version as a picture with the facts of one, and as a table for who wants all of it. */
export function Pods({ version, ofOne }: PodsProps) {
  const { revision } = version;
  const { t } = useFairwayText();
  const say = useReasonText();
  const pods = useMemo(
    () => version.pods.map(pod => ({ ...pod, reason: say(pod.reason, pod.coded) })),
    [version.pods, say],
  );
  const facts = usePodFacts(pods);
  const [read, setRead] = useState<string>();
  const [open, setOpen] = useState(ofOne && pods.length <= few);
  return (
    <div className={classes.pods}>
      <PodsGrid label={t('pods.byState', { revision })} pods={pods} facts={facts} onRead={setRead} />
      <div className={classes.line}>
        <Button size="small" variant="secondary" aria-expanded={open} onPress={() => setOpen(!open)}>
          {t('pods.table')}
        </Button>
        {/* what a cell is called says the same */}
        <p className={classes.read} aria-hidden="true">
          {(read !== undefined && facts.get(read)) || (ofOne && t('pods.hint'))}
        </p>
      </div>
      {open && <PodsTable label={t('deployments.podsOf', { revision })} pods={pods} />}
    </div>
  );
}
