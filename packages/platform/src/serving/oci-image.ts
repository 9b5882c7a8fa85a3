import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { Header, Pack } from 'tar-stream';

/** One file of an image: a file of this machine, or the bytes themselves. All belong to root and are not writable for the image's user. */
export interface ImageFile {
  /** Absolute path inside the image. */
  readonly path: string;
  readonly content: { readonly file: string } | Uint8Array;
  readonly executable: boolean;
}

export interface ImageRecipe {
  /** The name under which pods ask for it: `host/repository:tag`. */
  readonly reference: string;
  readonly files: readonly ImageFile[];
  readonly entrypoint: readonly string[];
}

/** Who runs in the image: nobody that owns a file in it. */
const user = '65532:65532';
const path = 'PATH=/usr/local/bin:/usr/bin:/bin';
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

interface Blob {
  readonly digest: string;
  readonly size: number;
}

/**
 * Writes an image FROM scratch as an OCI archive: one plain tar layer with the files and a `/tmp` for everybody. The same
 * recipe gives the same bytes.
 * @returns the manifest's digest, `sha256:<hex>`
 */
export async function writeImage(recipe: ImageRecipe, archive: string, signal?: AbortSignal): Promise<string> {
  // the tar header of a blob needs its size, the config its digest: the layer is made twice rather than kept on disk
  const layer = await measure(layerOf(recipe), signal);
  const config = json({
    architecture: architectures[process.arch] ?? process.arch,
    os: 'linux',
    config: { User: user, Env: [path], Entrypoint: recipe.entrypoint, WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...blob(config) },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
  });
  const index = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        ...blob(manifest),
        annotations: {
          'io.containerd.image.name': recipe.reference,
          'org.opencontainers.image.ref.name': recipe.reference,
        },
      },
    ],
  });
  const outer = pack();
  const written = pipeline(outer, createWriteStream(archive), { signal });
  const filled = (async () => {
    await add(outer, 'oci-layout', json({ imageLayoutVersion: '1.0.0' }));
    await add(outer, 'index.json', index);
    for (const content of [config, manifest]) await add(outer, blobPath(blob(content).digest), content);
    const entry = outer.entry(header(blobPath(layer.digest), layer.size, false));
    await pipeline(layerOf(recipe), entry, { signal });
    outer.finalize();
  })();
  await Promise.all([written, filled]);
  return blob(manifest).digest;
}

function layerOf(recipe: ImageRecipe): Pack {
  const layer = pack();
  (async () => {
    layer.entry({ ...header('tmp', 0, false), type: 'directory', mode: 0o1777 });
    for (const file of recipe.files) {
      const name = file.path.slice(1);
      if (file.content instanceof Uint8Array) await add(layer, name, file.content, file.executable);
      else {
        const entry = layer.entry(header(name, (await stat(file.content.file)).size, file.executable));
        await pipeline(createReadStream(file.content.file), entry);
      }
    }
    layer.finalize();
  })().catch((error: Error) => layer.destroy(error));
  return layer;
}

async function measure(stream: Pack, signal: AbortSignal | undefined): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    size += chunk.length;
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

function add(archive: Pack, name: string, content: Uint8Array, executable = false): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(header(name, content.length, executable), Buffer.from(content), error =>
      error ? reject(error) : resolve(),
    );
  });
}

function header(name: string, size: number, executable: boolean): Partial<Header> & Pick<Header, 'name'> {
  return { name, size, mode: executable ? 0o755 : 0o644, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function blob(content: Uint8Array): Blob {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, size: content.length };
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
