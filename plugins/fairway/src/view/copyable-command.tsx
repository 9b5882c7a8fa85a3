import { type ReactNode, useState } from 'react';
import { Button, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import viewClasses from './view.module.css';

interface CopyableCommandProps {
  readonly command: string;
  /** What the command is, for those who do not see it. */
  readonly name?: string;
  readonly copyName?: string;
  /** What is said between the two. */
  readonly children?: ReactNode;
}

/** A command with a button that copies it. */
export function CopyableCommand({ command, name, copyName, children }: CopyableCommandProps) {
  const { t } = useFairwayText();
  const [copied, setCopied] = useState<boolean>();
  const copy = () =>
    // a page without TLS has no clipboard, and a browser may forbid it
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(command))
      .then(
        () => setCopied(true),
        () => setCopied(false),
      );
  return (
    <>
      <pre className={viewClasses.raw} tabIndex={0} aria-label={name ?? t('service.command')}>
        {command}
      </pre>
      {children}
      <div>
        <Button size="small" variant="secondary" aria-label={copyName} onPress={() => void copy()}>
          {t('service.copy')}
        </Button>{' '}
        <span role="status">
          {copied !== undefined && (
            <Text color={copied ? 'success' : 'danger'}>{t(copied ? 'service.copied' : 'service.notCopied')}</Text>
          )}
        </span>
      </div>
    </>
  );
}
