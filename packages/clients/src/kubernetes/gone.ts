import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { describe } from './objects.ts';
import type { ObjectReference } from './objects.ts';

/**
 * Waits until a deletion that was asked for is done.
 * @param deadline milliseconds
 * @throws ToolError when the object is still there
 */
export async function waitUntilGone(
  cluster: Cluster,
  reference: ObjectReference,
  deadline: number,
  signal: AbortSignal,
): Promise<void> {
  const end = Date.now() + deadline;
  while (await cluster.get(reference)) {
    if (Date.now() > end) {
      throw new ToolError(
        'kubernetes',
        reasonOf('kubernetes.waitEnd', { object: describe(reference) }),
        undefined,
        reasonOf('kubernetes.stillThere', { seconds: deadline / 1000 }),
        reasonOf('kubernetes.finalizers'),
      );
    }
    await sleep(500, undefined, { signal });
  }
}
