import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ownerReference } from '@fairway/backstage-plugin-fairway-common';

/** Owners for whose services the holder of a token may send deliveries. */
export type Owners = 'all' | ReadonlySet<string>;

/** Subject of an external access token → what `fairway.senders` says of it. A token that is not named sends nothing. */
export type Senders = ReadonlyMap<string, Owners>;

/**
 * The setting `fairway.senders`.
 * @throws InputError for a subject that stands there twice, and for owners that are none
 */
export function configuredSenders(config: Config): Senders {
  const senders = new Map<string, Owners>();
  for (const [index, entry] of (config.getOptionalConfigArray('fairway.senders') ?? []).entries()) {
    const subject = entry.getString('subject');
    if (senders.has(subject)) {
      throw new InputError(
        `Two entries of fairway.senders have the subject "${subject}". Write its owners into one of them.`,
      );
    }
    senders.set(subject, owners(entry.getStringArray('owners'), `fairway.senders[${index}].owners`));
  }
  return senders;
}

function owners(given: readonly string[], place: string): Owners {
  if (given.length === 0) {
    throw new InputError(
      `The configuration ${place} is empty: the token could send nothing. Give the owners for which it sends, such as team-hello, or "*" for all; or remove the entry.`,
    );
  }
  if (given.includes('*')) return 'all';
  return new Set(
    given.map(owner => {
      const reference = ownerReference(owner);
      if (reference !== undefined) return reference;
      throw new InputError(
        `The configuration ${place} has the owner "${owner}", which is no entity reference. Write the owner as in fairway.yaml, such as team-hello or group:default/team-hello.`,
      );
    }),
  );
}
