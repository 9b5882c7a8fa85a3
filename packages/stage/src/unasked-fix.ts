import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { DeliveryRecord } from './record.ts';

const shown = 10;

/**
 * What a version that does not serve may have from `remediate`, and what to do then. Empty where nothing was upgraded, and where the engine of the
 * fixed image was asked: then it is something else.
 */
export function unaskedFix({ stages: { remediate } }: DeliveryRecord): readonly Reason[] {
  if (remediate?.verdict !== 'pass' || remediate.stale || remediate.outputs['proof'] !== 'programs') return [];
  const packages = (remediate.outputs['upgraded'] ?? '').split(', ');
  const first = listOf('list.comma', packages.slice(0, shown));
  const left = packages.length - shown;
  return [
    reasonOf('remediate.unasked', {
      packages: left > 0 ? reasonOf('remediate.more', { what: first, number: left }) : first,
    }),
  ];
}
