import type { Delivery, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import type { Evidence } from '@fairway/stage/record';
import { useOperation } from '../../view/use-operation.ts';
import type { Asked } from '../../view/use-operation.ts';

/** Whether the portal has the content of a piece of evidence, or only its name and digest. */
export function isKept(delivery: Pick<Delivery, 'stored'>, { digest }: Evidence): boolean {
  return delivery.stored.includes(digest);
}

/** The content of a piece of evidence; asked for only when there is one and `wanted` says so. */
export function useEvidence(
  delivery: Pick<Delivery, 'id' | 'stored'>,
  piece: Evidence | undefined,
  wanted = true,
): Asked<ResponseOf<'evidence'>> {
  const request =
    wanted && piece && isKept(delivery, piece) ? { path: { id: delivery.id, digest: piece.digest } } : undefined;
  return useOperation('evidence', request);
}
