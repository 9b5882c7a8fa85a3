import { ResponseError } from '@backstage/errors';
import { codedReasonSchema } from '@fairway/backstage-plugin-fairway-common';
import { useReasonText } from '../translation/use-reason-text.ts';
import { failureText } from './failure-text.ts';

/** Gives `failureText` in the language of the reader, where the backend sent a code with it. */
export function useFailureText() {
  const say = useReasonText();
  return (error: Error): string => {
    const cause = error instanceof ResponseError ? (error.cause as { readonly coded?: unknown }) : {};
    return say(failureText(error), codedReasonSchema.safeParse(cause.coded).data);
  };
}
