import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { type FairwaySignal, fairwaySignalChannel } from '@fairway/backstage-plugin-fairway-common';

/** Milliseconds between two signals of one kind: a rollout changes the clusters' view many times a second. */
const pause = 500;

/** Tells open pages what changed: at once, and when it goes on changing, once in each pause and once after the last change. */
export class ChangeSignals {
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  readonly #waiting = new Map<FairwaySignal['changed'], { again: boolean; timer: NodeJS.Timeout }>();

  constructor(signals: SignalsService, logger: LoggerService) {
    this.#signals = signals;
    this.#logger = logger;
  }

  tell(changed: FairwaySignal['changed']): void {
    const waiting = this.#waiting.get(changed);
    if (waiting) {
      waiting.again = true;
      return;
    }
    this.#publish(changed);
    const timer = setTimeout(() => this.#resume(changed), pause);
    this.#waiting.set(changed, { again: false, timer });
  }

  /** No signal is sent after this. */
  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #resume(changed: FairwaySignal['changed']): void {
    const again = this.#waiting.get(changed)?.again;
    this.#waiting.delete(changed);
    if (again) this.tell(changed);
  }

  #publish(changed: FairwaySignal['changed']): void {
    this.#signals
      .publish({ recipients: { type: 'broadcast' }, channel: fairwaySignalChannel, message: { changed } })
      .catch((error: unknown) =>
        // a page that is not told shows the change when it asks next
        this.#logger.warn(`Open pages could not be told that ${changed} changed: ${String(error)}`),
      );
  }
}
