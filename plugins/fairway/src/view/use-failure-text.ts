import { ResponseError } from '@backstage/errors';
import { codedReasonSchema } from '@fairway/backstage-plugin-fairway-common';
import { UnansweredError } from '../client/unanswered-error.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { failureText } from './failure-text.ts';

type Translate = (key: `failure.${UnansweredError['kind']}`, facts: UnansweredError['facts']) => string;

/** Gives `failureText` in the language of the reader, where its code is known. */
export function useFailureText() {
  const { t } = useFairwayText();
  const say = useReasonText();
  return (error: Error): string => {
    if (error instanceof UnansweredError) return (t as Translate)(`failure.${error.kind}`, error.facts);
    const cause = error instanceof ResponseError ? (error.cause as { readonly coded?: unknown }) : {};
    return say(failureText(error), codedReasonSchema.safeParse(cause.coded).data);
  };
}
