import { english, type Reason } from '@fairway/service/reasons/reason';

/** An error whose code Backstage writes into the body of the answer beside its message. */
export function codedError<Thrown extends Error>(Kind: new (message: string) => Thrown, coded: Reason): Thrown {
  return Object.assign(new Kind(english(coded)), { coded });
}
