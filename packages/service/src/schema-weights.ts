import * as z from 'zod';
import { imageDigest, insideFolder, objectName } from './schema-values.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken } from './rule.ts';

/** Where pods get the model from when it is not part of the image; the rules between the fields are those of `model`. */
export const weightsSchema = z
  .strictObject({
    from: z
      .enum(['volume', 'artifact', 'hub'])
      .describe(
        'a volume of the cluster that holds the model, an image of a registry that holds nothing but the model, or the hub, from which each pod downloads `model.reference` when it starts',
      ),
    claim: objectName
      .optional()
      .describe(
        'the PersistentVolumeClaim: of the volume, or with `hub` and `pull: init` of the one that what was downloaded stays on; without it each pod downloads anew',
      ),
    image: imageDigest.optional().describe('with `artifact`: the image, by digest'),
    pull: z
      .enum(['mount', 'init'])
      .optional()
      .describe(
        'with `artifact`: `mount` (default) lets the nodes mount the image as a volume (Kubernetes 1.35, or 1.33 with the feature gate ImageVolume), `init` has each pod pull it before the engine starts, on any cluster',
      ),
    folder: insideFolder.optional().describe('folder of the volume or image in which the model lies; default: its top'),
    secret: objectName
      .optional()
      .describe('with `hub`: the Secret whose key HF_TOKEN is the token for a model that asks for one'),
  })
  .superRefine(({ from, claim, image, pull, folder, secret }, issues) => {
    const wrong = (field: string, reason: Reason) =>
      issues.addIssue({ code: 'custom', path: [field], ...broken(reason) });
    if (from === 'volume' && claim === undefined) wrong('claim', reasonOf('conflict.noClaim'));
    if (from === 'artifact' && image === undefined) wrong('image', reasonOf('conflict.noImage'));
    if (from === 'artifact' && pull !== 'init' && claim !== undefined) wrong('claim', reasonOf('conflict.mounted'));
    const others = { artifact: { secret }, volume: { image, pull, secret }, hub: { image, pull, folder } }[from];
    for (const [field, given] of Object.entries(others))
      if (given !== undefined) wrong(field, reasonOf('conflict.meaningless', { from }));
  })
  .describe('where pods get the model from; it is part of the image when absent');
