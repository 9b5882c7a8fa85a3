import { useState } from 'react';
import { Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { Evidence } from '@fairway/stage/record';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Answer } from '../../view/answer.tsx';
import { shortDigest } from '../../view/figures.ts';
import classes from '../../view/view.module.css';
import { isKept, useEvidence } from './use-evidence.ts';

interface RawEvidenceProps {
  readonly delivery: Delivery;
  readonly piece: Evidence;
}

/** One piece of evidence by name; its content, as it was written, is fetched when it is opened. */
export function RawEvidence({ delivery, piece }: RawEvidenceProps) {
  const { t } = useFairwayText();
  const [open, setOpen] = useState(false);
  const asked = useEvidence(delivery, piece, open);
  const name = piece.path.replace(/^evidence\//, '');
  if (!isKept(delivery, piece)) {
    return (
      <Text color="secondary" title={piece.digest}>
        {name} ({shortDigest(piece.digest)}, {t('delivery.notKept')})
      </Text>
    );
  }
  return (
    <details onToggle={event => setOpen(event.currentTarget.open)}>
      <summary title={piece.digest}>
        {name} ({shortDigest(piece.digest)}, {t('delivery.kept')})
      </summary>
      {open && (
        <Answer asked={asked}>
          {({ content }) => (
            // scrolls, so it must be reachable with the keyboard
            <pre className={classes.raw} tabIndex={0} aria-label={`${name}, ${t('delivery.raw')}`}>
              {content}
            </pre>
          )}
        </Answer>
      )}
    </details>
  );
}
