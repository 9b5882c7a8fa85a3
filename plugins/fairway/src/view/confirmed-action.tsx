import type { ReactNode } from 'react';
import { Button, Dialog, DialogBody, DialogFooter, DialogHeader, DialogTrigger, Flex } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FailedUpdate } from './failed-update.tsx';

interface ConfirmedActionProps {
  /** On the button, above what it asks, and on the button that confirms. */
  readonly title: string;
  /** For a reader of screens, where several have the same title. */
  readonly label?: string;
  readonly width?: number;
  readonly isOpen: boolean;
  readonly onOpenChange: (next: boolean) => void;
  /** Absent where there is nothing to confirm. */
  readonly onConfirm?: () => void;
  readonly update: { readonly isPending: boolean; readonly error?: Error };
  /** What will happen. */
  readonly children: ReactNode;
}

/** A button that says what will happen, and does it once that is confirmed. */
export function ConfirmedAction({ title, label, width = 440, update, ...props }: ConfirmedActionProps) {
  const { t } = useFairwayText();
  return (
    <DialogTrigger isOpen={props.isOpen} onOpenChange={props.onOpenChange}>
      <Button size="small" variant="secondary" {...(label && { 'aria-label': label })}>
        {title}
      </Button>
      <Dialog width={width}>
        <DialogHeader>{title}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="3">
            {props.children}
            <FailedUpdate title={t('releases.failed')} error={update.error} />
          </Flex>
        </DialogBody>
        <DialogFooter>
          {props.onConfirm && (
            <Button variant="primary" isPending={update.isPending} onPress={props.onConfirm}>
              {title}
            </Button>
          )}
          <Button variant="secondary" slot="close">
            {t('releases.cancel')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}
