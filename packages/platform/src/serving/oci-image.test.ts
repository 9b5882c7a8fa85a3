import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { writeImage } from './oci-image.ts';

interface Entry {
  readonly content: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly type: string;
}

async function unpack(archive: Buffer): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const reader = extract();
  Readable.from([archive]).pipe(reader as unknown as NodeJS.WritableStream);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { name, mode, uid, type } = entry.header;
    entries.set(name, { content: Buffer.concat(chunks), mode, uid, type });
  }
  return entries;
}

const digestOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('an image from scratch', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'oci-image-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const write = async (archive: string) => {
    const program = join(folder, 'program');
    await writeFile(program, Buffer.alloc(300_000, 7), { mode: 0o600 });
    const digest = await writeImage(
      {
        reference: 'localhost/fairway/thing:1',
        files: [
          { path: '/usr/local/bin/thing', content: { file: program }, executable: true },
          { path: '/etc/thing.conf', content: Buffer.from('a=1\n'), executable: false },
        ],
        entrypoint: ['/usr/local/bin/thing'],
      },
      join(folder, archive),
    );
    return { digest, bytes: await readFile(join(folder, archive)) };
  };

  test('is the same bytes each time', async () => {
    const [one, two] = [await write('one.tar'), await write('two.tar')];
    expect(digestOf(two.bytes)).toBe(digestOf(one.bytes));
    expect(two.digest).toBe(one.digest);
  });

  test('is addressed by what it holds, named, and runs as nobody', async () => {
    const { digest, bytes } = await write('image.tar');
    const entries = await unpack(bytes);
    for (const [name, { content }] of entries)
      if (name.startsWith('blobs/')) expect(name).toBe(`blobs/sha256/${digestOf(content)}`);
    const read = (blob: string) => entries.get(`blobs/${blob.replace(':', '/')}`)?.content ?? Buffer.alloc(0);
    const index = JSON.parse(String(entries.get('index.json')?.content));
    expect(index.manifests[0].digest).toBe(digest);
    expect(index.manifests[0].annotations['io.containerd.image.name']).toBe('localhost/fairway/thing:1');
    const manifest = JSON.parse(String(read(digest)));
    const config = JSON.parse(String(read(manifest.config.digest)));
    expect(config.config).toMatchObject({ User: '65532:65532', Entrypoint: ['/usr/local/bin/thing'] });
    expect(config.rootfs.diff_ids).toEqual([manifest.layers[0].digest]);
    const layer = await unpack(read(manifest.layers[0].digest));
    expect([...layer.keys()]).toEqual(['tmp', 'usr/local/bin/thing', 'etc/thing.conf']);
    expect(layer.get('usr/local/bin/thing')).toMatchObject({ mode: 0o755, uid: 0 });
    expect(layer.get('usr/local/bin/thing')?.content.length).toBe(300_000);
    expect(layer.get('etc/thing.conf')).toMatchObject({ mode: 0o644 });
    expect(layer.get('tmp')).toMatchObject({ mode: 0o1777, type: 'directory' });
  });

  test('fails when a file is missing', async () => {
    const recipe = {
      reference: 'x:1',
      files: [{ path: '/a', content: { file: join(folder, 'absent') }, executable: true }],
      entrypoint: ['/a'],
    };
    await expect(writeImage(recipe, join(folder, 'broken.tar'))).rejects.toThrow('ENOENT');
  });
});
