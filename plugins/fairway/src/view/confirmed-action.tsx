import { type ReactNode, useState } from 'react';
import { Button, Dialog, DialogBody, DialogFooter, DialogHeader, DialogTrigger, Flex } from '@backstage/ui';
import type {
  fairwayServicePermissions,
  Operations,
  ResponseOf,
  ServiceResource,
} from '@fairway/backstage-plugin-fairway-common';
import type { RequestOf } from '../client/request.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FailedUpdate } from './failed-update.tsx';
import { useServicePermission } from './use-service-permission.ts';
import { useUpdate } from './use-update.ts';

interface ConfirmedActionProps<Name extends keyof Operations, Shown> {
  readonly permission: (typeof fairwayServicePermissions)[number];
  readonly service: ServiceResource;
  readonly operation: Name;
  /** What the person sees of it now. */
  readonly now: Shown;
  /** On the button, above what it asks, and on the button that confirms. */
  readonly title: (shown: Shown) => string;
  /** For a reader of screens, where several have the same title. */
  readonly label?: (shown: Shown) => string;
  readonly width?: number;
  /** Absent where there is nothing to confirm. */
  readonly request?: (shown: Shown) => RequestOf<Name>;
  readonly onDone: (answer: ResponseOf<Name>) => void;
  /** What will happen. */
  readonly children: (shown: Shown) => ReactNode;
}

/** A button that says what will happen, and does it once that is confirmed; absent for those who may not. */
export function ConfirmedAction<Name extends keyof Operations, Shown>({
  permission,
  service,
  operation,
  now,
  width = 440,
  request,
  onDone,
  ...props
}: ConfirmedActionProps<Name, Shown>) {
  const { t } = useFairwayText();
  const { allowed } = useServicePermission(permission, service);
  // what was confirmed is what is sent, whatever the cluster does meanwhile
  const [opened, setOpened] = useState<{ readonly shown: Shown }>();
  const doing = useUpdate(operation, answer => {
    setOpened(undefined);
    onDone(answer);
  });
  if (!allowed) return null;
  const { shown } = opened ?? { shown: now };
  const title = props.title(shown);
  const change = (isOpen: boolean) => {
    doing.forget();
    setOpened(isOpen ? { shown: now } : undefined);
  };
  return (
    <DialogTrigger isOpen={opened !== undefined} onOpenChange={change}>
      <Button size="small" variant="secondary" {...(props.label && { 'aria-label': props.label(shown) })}>
        {title}
      </Button>
      <Dialog width={width}>
        <DialogHeader>{title}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="3">
            {props.children(shown)}
            <FailedUpdate title={t('releases.failed')} error={doing.error} />
          </Flex>
        </DialogBody>
        <DialogFooter>
          {request && (
            <Button variant="primary" isPending={doing.isPending} onPress={() => void doing.update(request(shown))}>
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
