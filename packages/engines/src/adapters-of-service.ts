import { join, relative } from 'node:path';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { hasAdapter, readAdapter, type AdapterFacts } from '@fairway/service/model/adapter';
import type { ModelFiles } from '@fairway/service/model/facts';
import { hubModelFiles, type Hub } from '@fairway/service/model/hub';
import { linkOutOf, localModelFiles } from '@fairway/service/model/local';
import type { Adapter } from '@fairway/service/model-names';
import { errorReason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { ServiceFile } from '@fairway/service/service-file';

/**
 * Reads the adapters that a service names, in their order; what is wrong with one is reported at its line of fairway.yaml. Undefined for one that
 * nothing shows but the volume, the artifact or the bucket.
 */
export async function adaptersOfService(file: ServiceFile, hub: Hub): Promise<readonly (AdapterFacts | undefined)[]> {
  const { engine, model } = file.service;
  const found: (AdapterFacts | undefined)[] = [];
  for (const [index, adapter] of (model.adapters ?? []).entries()) {
    try {
      const facts = await readOne(file, adapter, hub);
      if (facts && facts.rank > adapter.rank)
        throw new ConfigurationError(
          reasonOf('adapter.rank', { rank: adapter.rank, found: facts.rank, file: facts.file }),
          file.place('model', 'adapters', index, 'rank'),
        );
      // `PEFTHelper` of vllm/lora/peft_helper.py
      const [more] = engine.name === 'vllm' ? (facts?.more ?? []) : [];
      if (facts && more !== undefined)
        throw new ConfigurationError(reasonOf('adapter.unserved', { file: facts.file, key: more }));
      found.push(facts);
    } catch (error) {
      if (!(error instanceof ConfigurationError) || error.at !== undefined) throw error;
      throw new ConfigurationError(errorReason(error), file.place('model', 'adapters', index));
    }
  }
  return found;
}

async function readOne(
  { folder: service, service: { model } }: ServiceFile,
  { path, folder = '', reference }: Adapter,
  hub: Hub,
): Promise<AdapterFacts | undefined> {
  if (reference !== undefined) return await readAdapter(await hubModelFiles(reference, hub), '');
  if (path !== undefined) {
    const files = await localAdapter(join(service, path));
    // a build of the folder sends links and nothing that they lead to
    const out = await linkOutOf(service, join(service, path));
    if (out)
      throw new ConfigurationError(
        reasonOf('adapter.linkOut', { file: relative(service, out.file), target: out.target }),
      );
    return await readAdapter(files, '');
  }
  if (model.path !== undefined) return await readAdapter(await localAdapter(join(service, model.path, folder)), '');
  const files = await hubModelFiles(model.reference ?? '', hub);
  // a volume or a bucket may hold more than the commit has, unless its hashes are the commit's
  if (!hasAdapter(files, folder) && model.weights?.hashes !== 'hub') return undefined;
  return await readAdapter(files, folder);
}

async function localAdapter(folder: string): Promise<ModelFiles> {
  return (
    (await localModelFiles(folder)) ?? Promise.reject(new ConfigurationError(reasonOf('adapter.none', { folder })))
  );
}
