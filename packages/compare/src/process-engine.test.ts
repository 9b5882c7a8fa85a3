import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processEngine } from './process-engine.ts';

const start = (port: number) =>
  processEngine({
    engine: 'tgi',
    version: '3.3.6',
    from: 'its image',
    weights: { format: 'safetensors', digest: 'sha256:0' },
    command: ['text-generation-launcher-that-is-nowhere', '--port', String(port)],
    environment: {},
    port,
    model: 'tiny',
    startupSeconds: 1,
    gpus: 0,
    log: join(tmpdir(), `process-engine-${process.pid}.log`),
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
