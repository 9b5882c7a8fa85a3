import { stateOf } from '@fairway/clients/kubernetes/release-request';
import type { Asked, ReleaseRequests, ReleaseStep } from '@fairway/clients/kubernetes/release-request';
import type { TrafficHold } from '@fairway/targets/gateway/traffic-lease';

/** Milliseconds between two looks at what people ask. */
const interval = 2000;

/** What people ask of a release while it is in its steps: to hold the weights, or to give the candidate all users at once, or none. */
export class Requests {
  readonly #hold: Pick<TrafficHold, 'announce' | 'asked'>;
  readonly #timer: NodeJS.Timeout;
  #now: ReleaseRequests = {};
  #step: Omit<ReleaseStep, 'state'> | undefined;

  constructor(hold: Pick<TrafficHold, 'announce' | 'asked'>) {
    this.#hold = hold;
    // a cluster that does not answer asks for nothing; when it stays away, the lease is lost
    this.#timer = setInterval(() => void this.look().catch(() => undefined), interval);
  }

  get paused(): Asked | undefined {
    return this.#now.paused;
  }

  get promoted(): Asked | undefined {
    return this.#now.promoted;
  }

  get aborted(): Asked | undefined {
    return this.#now.aborted;
  }

  /** @throws ToolError while the cluster does not answer */
  async look(): Promise<void> {
    this.#now = await this.#hold.asked();
  }

  /** Says in which step the release is, and what it has heard. */
  async announce(step: Omit<ReleaseStep, 'state'> | undefined = this.#step): Promise<void> {
    this.#step = step;
    if (!step) return;
    await this.#hold.announce({ ...step, state: stateOf(this.#now) });
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
