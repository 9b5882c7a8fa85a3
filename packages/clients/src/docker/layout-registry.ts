import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { blobPath, blobSize, digestOf, mediaTypes, readManifest, writeBlob } from '@fairway/image';
import type { Descriptor, ImageManifest, Layout } from '@fairway/image';

/** A layout as a registry on a loopback port, for the time of one push or pull. */
export interface LayoutRegistry {
  /** `host:port/repository` under which a daemon of this machine finds it; nobody else knows the repository. */
  readonly repository: string;
  /** The manifest that was pushed, as OCI has it; undefined when none was, or one of another kind than an image. */
  received(): Promise<Descriptor | undefined>;
  close(): void;
}

const digestHeader = 'docker-content-digest';

const docker = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};

/**
 * As much of the distribution specification (1.1) as Docker needs: what the layout has is there, by digest, and what is pushed is written into it as it
 * comes.
 */
export async function openLayoutRegistry(layout: Layout, signal?: AbortSignal): Promise<LayoutRegistry> {
  const name = `fairway/${randomBytes(16).toString('hex')}`;
  const uploads = new Map<string, Descriptor>();
  let pushed: Buffer | undefined;

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '/' } = request;
    const { pathname, searchParams } = new URL(url, 'http://registry');
    if (pathname === '/v2/') return void response.writeHead(200).end();
    if (!pathname.startsWith(`/v2/${name}/`)) return void response.writeHead(404).end();
    const [kind, reference = '', upload = ''] = pathname.slice(`/v2/${name}/`.length).split('/');
    const write = () => writeBlob(layout, mediaTypes.gzipLayer, request as AsyncIterable<Uint8Array>, { signal });

    if (kind === 'manifests' && method === 'PUT') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      pushed = Buffer.concat(chunks);
      return void response.writeHead(201, { [digestHeader]: digestOf(pushed) }).end();
    }
    if (kind === 'blobs' && reference === 'uploads') {
      if (method === 'POST')
        return void response.writeHead(202, { location: `/v2/${name}/blobs/uploads/${randomUUID()}` }).end();
      const known = uploads.get(upload);
      // a daemon sends a blob in one piece, with the first or with the last request
      if (method === 'PATCH' && !known) {
        const blob = await write();
        uploads.set(upload, blob);
        return void response.writeHead(202, { location: pathname, range: `0-${blob.size - 1}` }).end();
      }
      if (method === 'PUT') {
        const blob = known ?? (await write());
        uploads.delete(upload);
        const right = blob.digest === searchParams.get('digest');
        return void response.writeHead(right ? 201 : 400, { [digestHeader]: blob.digest }).end();
      }
      return void response.writeHead(405).end();
    }
    if (method !== 'HEAD' && method !== 'GET') return void response.writeHead(405).end();
    // by digest alone: a tag is never asked for
    const isDigest = /^sha256:[0-9a-f]{64}$/.test(reference);
    const size = isDigest ? await blobSize(layout, reference) : undefined;
    if (size === undefined) return void response.writeHead(404).end();
    const type = kind === 'manifests' ? (await readManifest(layout, reference)).mediaType : 'application/octet-stream';
    response.writeHead(200, { 'content-length': size, 'content-type': type, [digestHeader]: reference });
    if (method === 'HEAD') return void response.end();
    await pipeline(createReadStream(blobPath(layout, reference), { highWaterMark: 1 << 20 }), response, { signal });
  };
  const server = createServer((request, response) => {
    // a layer of a model takes its time
    request.setTimeout(0);
    take(request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(error.message);
    });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    repository: `127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
    received: async () => pushed && store(layout, pushed, signal),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Docker's own manifest says the same as OCI's by other names of the types. One of OCI stays as it is, and keeps its digest. */
async function store(layout: Layout, content: Buffer, signal?: AbortSignal): Promise<Descriptor | undefined> {
  const manifest = JSON.parse(content.toString('utf8')) as ImageManifest;
  if (manifest.mediaType === mediaTypes.manifest) return writeBlob(layout, mediaTypes.manifest, [content], { signal });
  if (manifest.mediaType !== docker.manifest) return undefined;
  const { schemaVersion, config, layers } = manifest;
  const typed = (mediaType: string, { digest, size }: Descriptor): Descriptor => ({ mediaType, digest, size });
  const stored: ImageManifest = {
    schemaVersion,
    mediaType: mediaTypes.manifest,
    config: typed(mediaTypes.config, config),
    layers: layers.map(layer =>
      typed(layer.mediaType === docker.layer ? mediaTypes.gzipLayer : layer.mediaType, layer),
    ),
  };
  return writeBlob(layout, mediaTypes.manifest, [Buffer.from(JSON.stringify(stored))], { signal });
}
