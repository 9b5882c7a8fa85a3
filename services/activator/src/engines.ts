import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

/** Where an engine answers. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

interface EndpointSlice extends KubernetesObject {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean };
        readonly targetRef?: { readonly name?: string };
      }[]
    | null;
}

/**
 * Pods in an EndpointSlice to which requests may go.
 * @param own how the names of this program's pods begin, which are endpoints of the same Service
 */
export function readyIn(slice: KubernetesObject, own: string): readonly Address[] {
  const { ports, endpoints } = slice as EndpointSlice;
  const port = ports?.find(({ name }) => name === 'http')?.port;
  if (port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions, targetRef }) => conditions?.ready !== false && !targetRef?.name?.startsWith(own))
    .flatMap(({ addresses }) => addresses.slice(0, 1).map(host => ({ host, port })));
}

/** The engines of a version that are ready, as far as the cluster has said. */
export class Engines {
  #ready: readonly Address[] = [];
  #turn = 0;
  readonly #waiting = new Set<() => void>();
  readonly #changed: (ready: boolean) => void;

  /** @param changed called when the first one gets ready and when the last one goes */
  constructor(changed: (ready: boolean) => void = () => undefined) {
    this.#changed = changed;
  }

  get ready(): boolean {
    return this.#ready.length > 0;
  }

  set(ready: readonly Address[]): void {
    const before = this.ready;
    this.#ready = ready;
    if (before !== this.ready) this.#changed(this.ready);
    if (!this.ready) return;
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  /**
   * One that is ready, each in its turn; waits until there is one.
   * @throws the reason of the signal
   */
  async next(signal: AbortSignal): Promise<Address> {
    for (;;) {
      signal.throwIfAborted();
      const found = this.#ready[this.#turn++ % Math.max(1, this.#ready.length)];
      if (found) return found;
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const go = () => {
        signal.removeEventListener('abort', go);
        this.#waiting.delete(go);
        resolve();
      };
      signal.addEventListener('abort', go, { once: true });
      this.#waiting.add(go);
    });
  }
}
