import { logParts } from './logs/index.ts';
import { machineParts } from './machine-parts.ts';
import { meshParts } from './mesh/index.ts';
import { networkPolicyParts } from './network-policy/index.ts';
import type { OptionalPart } from './optional-parts.ts';
import type { Part } from './parts.ts';
import { servingParts } from './serving/index.ts';
import type { ImageSource } from './serving/index.ts';
import { grypePart, vulnerabilityParts } from './vulnerabilities/index.ts';

/** Everything that a machine lacks, in the order in which it is built. */
export function allParts(images: ImageSource, without: readonly OptionalPart[]): readonly Part[] {
  return [
    ...machineParts,
    ...servingParts(images),
    ...(without.includes('logs') ? [] : logParts),
    ...(without.includes('mesh') ? [] : meshParts),
    ...(without.includes('network-policy') ? [] : networkPolicyParts),
    ...vulnerabilityParts,
    ...(without.includes('grype') ? [] : [grypePart]),
  ];
}
