import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { errorReason } from '@fairway/service/reasons/delivery-reason';
import { english, type Reason } from '@fairway/service/reasons/reason';

/** What is wrong, as answers give it: in English, and as a code for readers of other languages. */
export interface Said {
  readonly message: string;
  readonly coded?: CodedReason;
}

/** Words without a code are those of another program. */
export function said(reason: Reason | string): Said {
  return typeof reason === 'string' ? { message: reason } : { message: english(reason), coded: reason };
}

export function saidError(error: Error): Said {
  return said(errorReason(error));
}
