import * as z from 'zod';
import { imageDigest, insideFolder, objectName, text } from './schema-values.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';

/** Names of buckets, https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, and keys that need no care, object-keys.html there. */
const bucketForm = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w!.*'()@:=+, -]+)*\/?$/;
const bucketAllowed = rule(reasonOf('rule.bucket'));

/** Where pods get the model from when it is not part of the image; the rules between the fields are those of `model`. */
export const weightsSchema = z
  .strictObject({
    from: z
      .enum(['volume', 'artifact', 'bucket', 'hub'])
      .describe(
        'a volume of the cluster that holds the model, an image of a registry that holds nothing but the model, a bucket of an object store, or the hub, from which each pod downloads `model.reference` when it starts',
      ),
    claim: objectName
      .optional()
      .describe(
        'the PersistentVolumeClaim: of the volume, or with `hub`, `bucket` and `pull: init` of the one that what was downloaded stays on; without it each pod downloads anew',
      ),
    image: imageDigest.optional().describe('with `artifact`: the image, by digest'),
    pull: z
      .enum(['mount', 'init'])
      .optional()
      .describe(
        'with `artifact`: `mount` (default) lets the nodes mount the image as a volume (Kubernetes 1.35, or 1.33 with the feature gate ImageVolume), `init` has each pod pull it before the engine starts, on any cluster',
      ),
    folder: insideFolder.optional().describe('folder of the volume or image in which the model lies; default: its top'),
    bucket: z
      .string()
      .regex(bucketForm, bucketAllowed)
      .refine(address => !address.split('/').some(part => part === '.' || part === '..'), bucketAllowed)
      .optional()
      .describe('with `bucket`: the bucket and the folder in it that holds the model, as s3://bucket/folder'),
    endpoint: z
      .url({ protocol: /^https?$/, error: rule(reasonOf('rule.endpoint')).error })
      .optional()
      .describe("with `bucket`: the address of a store with the interface of S3 that is not AWS's, such as MinIO"),
    region: text.optional().describe('with `bucket`: its region; default: AWS_REGION of the pod, or us-east-1'),
    hashes: z
      .string()
      .regex(/^(sha256:[0-9a-f]{64}|hub)$/, rule(reasonOf('rule.hashes')))
      .optional()
      .describe(
        'what every file is verified by before the engine starts, with `bucket` (required) and `volume`: the digest of the file SHA256SUMS beside the model, or `hub` for the hashes that the hub has of the commit of `model.reference`',
      ),
    verify: z
      .enum(['once', 'always'])
      .optional()
      .describe(
        'with `volume` and `hashes`: `once` (default) notes on the volume what was verified and reads what has changed since, `always` has each pod read the model, and leaves the volume as it is',
      ),
    secret: objectName
      .optional()
      .describe(
        "the Secret with the key HF_TOKEN, for a hub that asks for a token; with `bucket` with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, where the pods' service account has no access by itself",
      ),
  })
  .superRefine((weights, issues) => {
    const { from, claim, image, pull, folder, bucket, endpoint, region, hashes, verify, secret } = weights;
    const wrong = (field: string, reason: Reason) =>
      issues.addIssue({ code: 'custom', path: [field], ...broken(reason) });
    if (from === 'volume' && claim === undefined) wrong('claim', reasonOf('conflict.noClaim'));
    if (from === 'artifact' && image === undefined) wrong('image', reasonOf('conflict.noImage'));
    if (from === 'artifact' && pull !== 'init' && claim !== undefined) wrong('claim', reasonOf('conflict.mounted'));
    if (from === 'bucket' && bucket === undefined) wrong('bucket', reasonOf('conflict.noBucket'));
    if (from === 'bucket' && hashes === undefined) wrong('hashes', reasonOf('conflict.noHashes'));
    const stored = { bucket, endpoint, region };
    const others = {
      artifact: { secret, ...stored, hashes, verify },
      // a token for the hub's list of hashes
      volume: { image, pull, ...stored, ...(hashes === 'hub' ? {} : { secret }) },
      bucket: { image, pull, folder, verify },
      hub: { image, pull, folder, ...stored, hashes, verify },
    }[from];
    for (const [field, given] of Object.entries(others))
      if (given !== undefined) wrong(field, reasonOf('conflict.meaningless', { from }));
    if (from === 'volume' && verify !== undefined && hashes === undefined)
      wrong('verify', reasonOf('conflict.verifyWithout'));
  })
  .describe('where pods get the model from; it is part of the image when absent');
