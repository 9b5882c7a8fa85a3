import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';
import { ToolError } from '../tool-error.ts';
import type { RegistryClient } from './client.ts';
import { getBlob, getManifest, manifestTypes } from './content.ts';
import type { Descriptor } from './content.ts';

export interface ImageDownload {
  /** `sha256:<hex>` of an image or of an index of images. */
  readonly digest: string;
  /** Which image of an index, as Node names architectures (`process.arch`). */
  readonly architecture: string;
  /** The name under which container runtimes import the archive. */
  readonly name: string;
  /** Path of the OCI archive that is written. */
  readonly archive: string;
  progress(message: string): void;
}

interface Index {
  readonly manifests: readonly (Descriptor & { readonly platform?: { os: string; architecture: string } })[];
}

interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Downloads an image by digest into an OCI archive (image layout specification 1.1), its bytes as they are: the digest stays
 * what it is, and every manifest and blob is checked against its own.
 * @throws ToolError when the registry lacks it, has none for the architecture, or sends other bytes
 */
export async function downloadImage(client: RegistryClient, download: ImageDownload): Promise<void> {
  const { bytes, descriptor, manifest } = await imageOf(client, download);
  const archive = pack();
  const written = pipeline(archive, createWriteStream(download.archive));
  const filled = (async () => {
    try {
      await add(archive, 'oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
      const annotations = {
        'io.containerd.image.name': download.name,
        'org.opencontainers.image.ref.name': download.name,
      };
      const index = { schemaVersion: 2, mediaType: manifestTypes.index, manifests: [{ ...descriptor, annotations }] };
      await add(archive, 'index.json', Buffer.from(JSON.stringify(index)));
      await add(archive, blobPath(descriptor.digest), bytes);
      const blobs = [manifest.config, ...manifest.layers];
      for (const [at, { digest }] of blobs.entries()) {
        download.progress(`${at + 1} of ${blobs.length} blobs`);
        await add(archive, blobPath(digest), await getBlob(client, digest));
      }
      archive.finalize();
    } catch (error) {
      archive.destroy(error as Error);
      throw error;
    }
  })();
  // the reason why nothing more came says more than that the archive broke off
  const [, outcome] = await Promise.allSettled([written, filled]);
  if (outcome.status === 'rejected') throw outcome.reason;
  await written;
}

/** The manifest of the one image that is wanted, with its bytes. */
async function imageOf(client: RegistryClient, { digest, architecture }: ImageDownload) {
  const found = await required<ImageManifest | Index>(client, digest);
  if (!('manifests' in found.manifest)) return { ...found, manifest: found.manifest };
  const wanted = architectures[architecture] ?? architecture;
  const one = found.manifest.manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === wanted,
  );
  if (!one) throw missing(client, digest, reasonOf('registry.noPlatform', { platform: `linux/${wanted}` }));
  return required<ImageManifest>(client, one.digest);
}

async function required<T>(client: RegistryClient, digest: string) {
  const found = await getManifest<T>(client, digest);
  if (!found) throw missing(client, digest, reasonOf('registry.lacksIt'));
  return found;
}

function missing({ repository }: RegistryClient, digest: string, what: Reason): ToolError {
  const request = reasonOf('request.pulling', { image: `${repository.host}/${repository.name}@${digest}` });
  return new ToolError('registry', request, undefined, what);
}

function add(archive: Pack, name: string, content: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({ name, size: content.length, mode: 0o644, mtime: new Date(0) }, Buffer.from(content), error =>
      error ? reject(error) : resolve(),
    );
  });
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
