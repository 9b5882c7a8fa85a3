import type { JsonObject } from '@backstage/types';
import type { SignalApi } from '@backstage/plugin-signals-react';
import { fairwaySignalChannel } from '@fairway/backstage-plugin-fairway-common';
import type { FairwaySignal } from '@fairway/backstage-plugin-fairway-common';

/** The portal's signals in memory. */
export class FakeSignals implements SignalApi {
  readonly #listeners = new Set<(changed: FairwaySignal['changed']) => void>();

  subscribe<Message extends JsonObject = JsonObject>(channel: string, onMessage: (message: Message) => void) {
    // what the backend sends on this channel is what its listeners expect
    const listener = (changed: FairwaySignal['changed']) => onMessage({ changed } as unknown as Message);
    if (channel === fairwaySignalChannel) this.#listeners.add(listener);
    return { unsubscribe: () => void this.#listeners.delete(listener) };
  }

  tell(changed: FairwaySignal['changed']): void {
    for (const listener of [...this.#listeners]) listener(changed);
  }
}
