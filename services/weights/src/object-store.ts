import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sumsFile } from './hashes.ts';

/** Where a model lies in an object store. */
export interface Bucket {
  /** s3://bucket/folder */
  readonly address: string;
  /** Of a store that is not AWS's; its buckets are found by path. */
  readonly endpoint?: string;
  readonly region?: string;
}

export interface ObjectStore {
  /**
   * The bytes of an object from a place on. A store that knows no ranges sends all of them, and says so.
   * @throws Error with a paragraph that says what to do
   */
  get(path: string, from: number, signal: AbortSignal): Promise<StoredBytes>;
  close(): void;
}

export interface StoredBytes {
  readonly from: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * A store with the interface of S3. Credentials are found as AWS's own programs find them: the environment, into which the pod gets its Secret, else
 * the identity of the pod's service account (IRSA, EKS Pod Identity), else that of the node.
 */
export function openBucket({ address, endpoint, region }: Bucket): ObjectStore {
  const [, bucket = '', folder = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(address) ?? [];
  const client = new S3Client({
    region: region || process.env['AWS_REGION'] || 'us-east-1',
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    maxAttempts: 5,
    // every file is proved by a hash that is not the store's
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
  });
  return {
    async get(path, from, signal) {
      const key = folder === '' ? path : `${folder}/${path}`;
      try {
        const answer = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, ...(from > 0 ? { Range: `bytes=${from}-` } : {}) }),
          { abortSignal: signal },
        );
        const starts = Number(/^bytes (\d+)-/.exec(answer.ContentRange ?? '')?.[1] ?? 0);
        return { from: starts, chunks: answer.Body as unknown as AsyncIterable<Uint8Array> };
      } catch (error) {
        signal.throwIfAborted();
        const said = whatItMeans(error as StoreError, `s3://${bucket}/${key}`, endpoint);
        throw said === undefined ? error : new Error(said);
      }
    },
    close: () => client.destroy(),
  };
}

interface StoreError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

function whatItMeans(error: StoreError, object: string, endpoint: string | undefined): string | undefined {
  const store = endpoint ?? 'AWS';
  const status = error.$metadata?.httpStatusCode;
  const words = `${error.name}: ${error.message}`;
  if (error.name === 'NoSuchBucket')
    return `${store} has no bucket of ${object}. Make it, or correct model.weights.bucket and model.weights.endpoint.`;
  if (error.name === 'NoSuchKey')
    return object.endsWith(`/${sumsFile}`)
      ? `${object} is not in the bucket of ${store}. Make the list in the folder of the model and upload it too (docs/models.md has the commands), or correct model.weights.bucket.`
      : `${object} is not in the bucket of ${store}, and the list of hashes names it. Upload it, or correct model.weights.bucket.`;
  if (error.name === 'CredentialsProviderError')
    return `There are no credentials to read ${object} with (${error.message}). Name a Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in model.weights.secret, or a service account with a role at AWS in workload.serviceAccount.`;
  const region = error.$response?.headers?.['x-amz-bucket-region'];
  if (status === 301 || error.name === 'PermanentRedirect' || error.name === 'AuthorizationHeaderMalformed')
    return `${object} lies in another region${region ? `, ${region}` : ''} (${words}). Set model.weights.region to the region of the bucket.`;
  if (status === 401 || status === 403 || status === 400 || error.name === 'InvalidAccessKeyId')
    return `${store} did not let ${object} be read (${words}). The credentials of model.weights.secret, or the role of the service account where there is none, need s3:GetObject on it. Without s3:ListBucket an object that is not there is answered in the same way.`;
  if (status !== undefined)
    return `${store} answered ${status} for ${object} (${words}). Look into the store's own log.`;
  if (isLostConnection(error))
    return `${store} could not be reached for ${object} (${words}). Look at model.weights.endpoint, and at what lets pods of this namespace out (NetworkPolicy, proxy, firewall).`;
  return undefined;
}

/** What Node and the client have for a connection that did not come about, or that broke off. */
export function isLostConnection({ name, code }: { readonly name?: string; readonly code?: string }): boolean {
  return (
    name === 'TimeoutError' ||
    /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|EHOST|ENET|ERR_TLS|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|ERR_STREAM_PREMATURE_CLOSE)/.test(
      code ?? '',
    )
  );
}
