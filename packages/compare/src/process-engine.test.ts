import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processEngine } from './process-engine.ts';

test('an engine whose program is not on the machine says so', async () => {
  const engine = processEngine({
    engine: 'tgi',
    version: '3.3.6',
    from: 'its image',
    weights: { format: 'safetensors', digest: 'sha256:0' },
    command: ['text-generation-launcher-that-is-nowhere', '--port', '1'],
    environment: {},
    port: 1,
    model: 'tiny',
    startupSeconds: 1,
    gpus: 0,
    log: join(tmpdir(), `process-engine-${process.pid}.log`),
  });
  await expect(engine.start(new AbortController().signal)).rejects.toThrow(
    'there is no program text-generation-launcher-that-is-nowhere on this machine',
  );
});
