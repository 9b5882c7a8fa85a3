import { useState } from 'react';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
  Flex,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import { silenceRequestSchema } from '@fairway/backstage-plugin-fairway-common';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FailedUpdate } from '../view/failed-update.tsx';
import { useUpdate } from '../view/use-update.ts';

interface SilenceDialogProps {
  readonly alert: Alert;
  readonly onUpdated: () => void;
}

/** Asks for how long and why, then silences. */
export function SilenceDialog({ alert: { source, fingerprint, name }, onUpdated }: SilenceDialogProps) {
  const { t } = useFairwayText();
  const [isOpen, setOpen] = useState(false);
  const [minutes, setMinutes] = useState('60');
  const [comment, setComment] = useState('');
  const silencing = useUpdate('silence', () => {
    setOpen(false);
    onUpdated();
  });
  const request = silenceRequestSchema.safeParse({ minutes: Number(minutes), comment: comment.trim() });
  const title = t('alerts.silenceTitle', { name });
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button size="small" variant="secondary" aria-label={title}>
        {t('alerts.silence')}
      </Button>
      <Dialog width={440}>
        <DialogHeader>{title}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="3">
            <TextField
              label={t('alerts.minutes')}
              description={t('alerts.minutesHint')}
              inputMode="numeric"
              value={minutes}
              onChange={setMinutes}
              isRequired
              secondaryLabel={t('state.required')}
            />
            <TextAreaField
              label={t('alerts.comment')}
              value={comment}
              onChange={setComment}
              isRequired
              secondaryLabel={t('state.required')}
            />
            <FailedUpdate title={t('alerts.failed')} error={silencing.error} />
          </Flex>
        </DialogBody>
        <DialogFooter>
          <Button
            variant="primary"
            isDisabled={!request.success}
            isPending={silencing.isPending}
            onPress={() =>
              request.success && void silencing.update({ path: { source, fingerprint }, body: request.data })
            }
          >
            {t('alerts.silence')}
          </Button>
          <Button variant="secondary" slot="close">
            {t('alerts.cancel')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}
