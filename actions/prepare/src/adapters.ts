import type { Problem, ServiceFile } from '@fairway/service';
import type { AdapterFacts } from '@fairway/service/model/adapter';
import { referenceParts } from '@fairway/service/model/hub';

/**
 * What does not stop a delivery with adapters and should be known.
 * @param adapters in the order of the file; undefined for one that could not be read
 */
export function adapterWarnings(
  { service: { model }, place }: ServiceFile,
  adapters: readonly (AdapterFacts | undefined)[],
): Problem[] {
  const repository = model.reference === undefined ? undefined : referenceParts(model.reference).repository;
  return adapters.flatMap((facts, index) => {
    const { name = '', folder = '', rank = 0 } = model.adapters?.[index] ?? {};
    const at = place('model', 'adapters', index);
    if (!facts)
      return [
        {
          message: `What the adapter ${name} is cannot be read before a pod starts: ${model.reference} has no ${folder}/adapter_config.json. Its engine will not start when its rank is over ${rank}, or when it is none of this model.`,
          at,
        },
      ];
    // a path says nothing that a repository could be compared with, and names at the hub do not differ by their case
    const other = /^[\w.-]+\/[\w.-]+$/.test(facts.base ?? '') ? facts.base : undefined;
    if (repository === undefined || other === undefined || other.toLowerCase() === repository.toLowerCase()) return [];
    return [
      {
        message: `The adapter ${name} was made for ${other} (base_model_name_or_path of ${facts.file}), and the model is ${repository}. With another model than a copy of that one, such as a quantised one, its answers are worth nothing.`,
        at,
      },
    ];
  });
}
