import { createHash } from 'node:crypto';
import type { InputSpecs } from './inputs.ts';

/**
 * The content key of a run: the same key means the same result.
 * @returns `sha256:<hex>` over the stage's name, its keyed inputs and its material, in a fixed order
 */
export function contentKey(
  stage: string,
  specs: InputSpecs,
  inputs: Readonly<Record<string, unknown>>,
  material: Readonly<Record<string, string>>,
): string {
  const keyed = Object.keys(specs)
    .filter(name => specs[name]!.type !== 'secret' && specs[name]!.keyed !== false && inputs[name] !== undefined)
    .sort()
    .map(name => [name, inputs[name]]);
  const sorted = Object.entries(material).sort(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${createHash('sha256')
    .update(JSON.stringify([stage, keyed, sorted]))
    .digest('hex')}`;
}
