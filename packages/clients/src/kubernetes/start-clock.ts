import { engineContainer, kserveContainer } from './names.ts';
import { isReadyPod } from './workload.ts';
import type { ClusterEvent, Pod } from './workload.ts';

/** How long pods take from the begin of their pull until they are ready, by the clock of this machine: those of nodes and events differ, and have seconds. */
export class StartClock {
  readonly #begun = new Map<string, number>();
  readonly #engines = new Set<string>();
  readonly #ready = new Map<string, number>();

  /** Notes what has changed. Pods that are ready when they are first seen are not measured. */
  look(pods: readonly Pod[], events: readonly ClusterEvent[], now: number): void {
    const known = new Map(pods.map(pod => [pod.metadata.uid ?? '', pod]));
    for (const { reason, involvedObject, message = '' } of events) {
      const uid = involvedObject?.uid ?? '';
      const pod = reason === 'Pulling' ? known.get(uid) : undefined;
      if (!pod) continue;
      if (!this.#begun.has(uid)) this.#begun.set(uid, now);
      // other containers, and images that are mounted, are a part of the start
      if (message.includes(`"${engineImageOf(pod)}"`)) this.#engines.add(uid);
    }
    for (const [uid, pod] of known) if (isReadyPod(pod) && !this.#ready.has(uid)) this.#ready.set(uid, now);
  }

  /** Seconds of the slowest pod whose node lacked the image of the engine; undefined where every node had it. */
  get seconds(): number | undefined {
    const taken = [...this.#engines].flatMap(uid => {
      const ready = this.#ready.get(uid);
      return ready === undefined ? [] : [(ready - this.#begun.get(uid)!) / 1000];
    });
    return taken.length === 0 ? undefined : Math.max(...taken);
  }
}

function engineImageOf({ spec }: Pod): string | undefined {
  const containers = spec?.containers ?? [];
  return (containers.find(({ name }) => name === engineContainer || name === kserveContainer) ?? containers[0])?.image;
}
