/**
 * Runs before the engine of a pod and gets the model from a registry or an object store, or an adapter from the hub, or verifies the model on a volume.
 * It ends with 0 when it is whole, and with a paragraph that says what to do when it cannot be.
 * The environment: FOLDER, where the model is to lie or lies. IMAGE, an image by digest, and LOGINS, a folder with a folder for each pull secret. Or
 * BUCKET (s3://…), ENDPOINT, REGION, and the credentials as AWS's programs read them. Or PULL, `hub`, with REFERENCE and NAME of the adapter. Or none of
 * these, and ONCE, whether the volume may be written. For a bucket and a volume HASHES, the digest of SHA256SUMS or `hub`, REFERENCE, the model's at a
 * hub, and NAME of what has these hashes. For all that is asked of a hub HF_ENDPOINT and HF_TOKEN.
 */
import { hubDownload, hubFetch } from '@fairway/clients/hub/index';
import { openBucket } from './object-store.ts';
import { pullHub } from './pull-hub.ts';
import { pullObjects } from './pull-objects.ts';
import { pullWeights } from './pull.ts';
import { verifyVolume } from './verify-volume.ts';
import { whatToDo } from './what-to-do.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
const { IMAGE: image = '', FOLDER: folder = '', LOGINS: logins } = process.env;
const { BUCKET: bucket = '', ENDPOINT: endpoint, REGION: region } = process.env;
const fromHub = process.env['PULL'] === 'hub';
const { HASHES: hashes = '', REFERENCE: reference = '', NAME: name = '', ONCE: once } = process.env;
const { HF_ENDPOINT: url = 'https://huggingface.co', HF_TOKEN: token } = process.env;
const hub = { url: url.replace(/\/+$/, ''), fetch: hubFetch, ...(token ? { token } : {}) };
const common = {
  signal: abort.signal,
  say: (message: string) => void process.stdout.write(`${new Date().toISOString()} ${message}\n`),
};
const hashed = { ...common, hashes, reference, hub, name, folder };

try {
  if (image !== '') await pullWeights({ ...common, image, folder, logins });
  else if (bucket !== '') {
    const store = openBucket({ address: bucket, endpoint, region });
    await pullObjects({ ...hashed, bucket, store });
    store.close();
  } else if (fromHub) await pullHub({ ...hashed, hub: { ...hub, fetch: hubDownload } });
  else await verifyVolume({ ...hashed, once: once === 'true' });
} catch (error) {
  process.stderr.write(`${whatToDo(error as Error, image || bucket || (fromHub ? reference : ''), folder)}\n`);
  process.exitCode = 1;
}
