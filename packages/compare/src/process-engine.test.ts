import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { newFolder } from '../../../test/fixtures/new-folder.ts';
import { processEngine } from './process-engine.ts';

const start = (
  port: number,
  command = ['text-generation-launcher-that-is-nowhere', '--port', String(port)],
  startupSeconds = 60,
) =>
  processEngine({
    engine: 'tgi',
    version: '3.3.6',
    from: 'its image',
    weights: { format: 'safetensors', digest: 'sha256:0' },
    command,
    environment: {},
    port,
    model: 'tiny',
    startupSeconds,
    gpus: 0,
    log: join(newFolder(), 'log'),
  }).start(new AbortController().signal);

test('an engine whose program is not on the machine says so', async () => {
  await expect(start(1)).rejects.toThrow(
    'there is no program text-generation-launcher-that-is-nowhere on this machine',
  );
});

test('a program that listens at the port already is not measured in the place of the engine', async () => {
  const other = createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    await expect(start(port)).rejects.toThrow(
      `port ${port} of this machine, where it would listen, is in use by another`,
    );
  } finally {
    other.close();
  }
});

test('an engine that ends says how, with what it printed last', async () => {
  const script = 'console.error("no memory left"); process.exit(3)';
  await expect(start(1, [process.execPath, '-e', script])).rejects.toThrow(/it ended with 3\n[^]*no memory left/);
});

test('an engine that never generates is ended, and its last answer is named', async () => {
  const free = createServer();
  await new Promise<void>(resolve => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise(resolve => free.close(resolve));
  const script = `require('http').createServer((q, r) => { r.statusCode = 503; r.end('loading') }).listen(${port}, '127.0.0.1')`;
  await expect(start(port, [process.execPath, '-e', script], 2)).rejects.toThrow(
    'it did not generate within 2 s; the last answer was ',
  );
  // nothing of it is left
  const after = createServer();
  await new Promise<void>((resolve, reject) => after.once('error', reject).listen(port, '127.0.0.1', resolve));
  after.close();
});
