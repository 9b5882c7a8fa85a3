import { posix } from 'node:path';
import * as z from 'zod';
import { objectName, pinnedReference, positiveWhole, servedName } from './schema-values.ts';
import type { weightsSchema } from './schema-weights.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';

/** Goes into command lines as name=path, several of them with commas between them. */
const adapterFolder = z
  .string()
  .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, rule(reasonOf('rule.adapterFolder')))
  .refine(path => !path.split('/').some(part => part === '.' || part === '..'), rule(reasonOf('rule.adapterFolder')));

/**
 * An HTTPRoute has 16 rules at most, and the one of the models has three beside one for each name; its rules have 64 matches each and 128 together
 * (HTTPRouteSpec and HTTPRouteRule of the Gateway API), and the one that asks the models has four for each name in two rules.
 */
const most = 12;

const adapterSchema = z
  .strictObject({
    name: servedName.describe('the name under which clients ask for the model with the adapter'),
    path: adapterFolder
      .optional()
      .describe(
        "the adapter's folder inside the service folder; the image has it at /models, under the last part of the path",
      ),
    folder: adapterFolder
      .optional()
      .describe("the adapter's folder inside the folder of the model that `model.weights` brings"),
    reference: pinnedReference
      .optional()
      .describe(
        'the adapter on the Hugging Face hub, pinned to a commit as that of the model: each pod downloads it and proves every file before the engine starts',
      ),
    secret: objectName
      .optional()
      .describe('with `reference`: the Secret with the key HF_TOKEN, for a repository that asks for a token'),
    rank: positiveWhole.default(16).describe('the rank of the adapter, `r` of its adapter_config.json'),
  })
  .superRefine(({ path, folder, reference, secret }, issues) => {
    const places = [path, folder, reference].filter(place => place !== undefined).length;
    if (places !== 1)
      issues.addIssue({
        code: 'custom',
        ...broken(reasonOf(places === 0 ? 'conflict.noAdapter' : 'conflict.twoAdapters'), true),
      });
    if (secret !== undefined && reference === undefined)
      issues.addIssue({ code: 'custom', path: ['secret'], ...broken(reasonOf('conflict.adapterSecret')) });
  })
  .meta({ oneOf: [{ required: ['path'] }, { required: ['folder'] }, { required: ['reference'] }] });

export const adaptersSchema = z
  .array(adapterSchema)
  .min(1)
  .max(most)
  .describe('LoRA adapters of the model, each served as a model of its own name');

interface AdaptedModel {
  readonly name: string;
  readonly path?: string | undefined;
  readonly weights?: z.output<typeof weightsSchema> | undefined;
  readonly adapters?: z.output<typeof adaptersSchema> | undefined;
}

/** What of the adapters contradicts the rest of the model, by its place in them. */
export function adapterConflicts({
  name,
  path,
  weights,
  adapters = [],
}: AdaptedModel): readonly { readonly path: readonly (string | number)[]; readonly reason: Reason }[] {
  const names = new Set([name]);
  const inImage = new Set(path === undefined ? [] : [lastPart(path)]);
  return adapters.flatMap((adapter, at) => {
    const found: { path: (string | number)[]; reason: Reason }[] = [];
    if (names.has(adapter.name)) found.push({ path: [at, 'name'], reason: reasonOf('conflict.nameTwice') });
    names.add(adapter.name);
    if (adapter.path !== undefined) {
      const part = lastPart(adapter.path);
      if (inImage.has(part)) found.push({ path: [at, 'path'], reason: reasonOf('conflict.placeTwice', { part }) });
      inImage.add(part);
    }
    if (adapter.folder !== undefined && (weights === undefined || weights.from === 'hub'))
      found.push({ path: [at, 'folder'], reason: reasonOf('conflict.adapterFolder') });
    return found;
  });
}

function lastPart(path: string): string {
  return posix.basename(posix.normalize(path));
}
