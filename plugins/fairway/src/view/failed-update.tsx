import { Alert } from '@backstage/ui';
import { useFailureText } from './use-failure-text.ts';

interface FailedUpdateProps {
  readonly title: string;
  readonly error: Error | undefined;
}

/** Why something that a person asked for was not done; nothing while it has not failed. */
export function FailedUpdate({ title, error }: FailedUpdateProps) {
  const failureText = useFailureText();
  return error && <Alert role="alert" status="danger" icon title={title} description={failureText(error)} />;
}
