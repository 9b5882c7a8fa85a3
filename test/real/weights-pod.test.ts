import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineProfile } from '@fairway/engines';
import { podSpec } from '../../actions/deploy/src/objects.ts';
import { hubDouble } from '../fixtures/hub-double.ts';
import { tinyService } from '../fixtures/service.ts';
import { renderedPod } from '../rendered-container.ts';
import { keys, versityGateway } from '../versity-gateway.ts';

jest.setTimeout(15 * 60_000);

const puller = `registry.example.com/services@sha256:${'0'.repeat(64)}`;
const pod = (model: object) =>
  podSpec(
    tinyService({ engine: { name: 'vllm' }, model: { name: 'tiny', ...model } }),
    engineProfile('vllm'),
    `registry.example.com/hello@sha256:${'1'.repeat(64)}`,
    undefined,
    undefined,
    puller,
  );
const weights = Buffer.alloc(300_000, 'weights ');

test('the engine finds what the container before it downloaded, where its arguments say, and may read it alone', async () => {
  const config = Buffer.from('{"peft_type":"LORA","r":8}');
  const hub = await hubDouble({ 'adapter_config.json': config, 'adapter_model.safetensors': weights });
  const adapters = [{ name: 'sql', reference: `hf://team/tiny@${hub.commit}`, secret: 'token' }];
  const spec = pod({ path: 'model/tiny', adapters });
  const running = await renderedPod({
    spec,
    secrets: { token: { HF_TOKEN: 'hf_x' } },
    besides: { HF_ENDPOINT: hub.url },
  });
  try {
    expect(await running.before('adapter-0')).toMatchObject({ code: 0, said: expect.stringContaining('2 files') });
    const { args } = (spec['containers'] as { args: string[] }[])[0]!;
    const place = args.find(argument => argument.startsWith('sql='))?.slice('sql='.length);
    expect(await running.engine(['cat', `${place}/adapter_config.json`])).toEqual({ code: 0, said: config.toString() });
    expect((await running.engine(['touch', `${place}/mine`])).said).toMatch(/Read-only|denied/);
  } finally {
    await running.remove();
    await hub.close();
  }
});

test('so with a model of an object store that looks at signatures', async () => {
  const root = await mkdtemp(join(tmpdir(), 'fairway-weights-pod-'));
  const folder = join(root, 'store/models/team/tiny');
  await mkdir(folder, { recursive: true });
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const sums = Buffer.from(`${sha256(weights)}  model.safetensors\n`);
  await writeFile(join(folder, 'model.safetensors'), weights);
  await writeFile(join(folder, 'SHA256SUMS'), sums);
  const { endpoint, stop } = await versityGateway(join(root, 'store'));
  const from = { from: 'bucket', bucket: 's3://models/team/tiny', endpoint, hashes: `sha256:${sha256(sums)}` };
  const spec = pod({ path: 'model/tiny', weights: { ...from, secret: 'keys' } });
  const running = await renderedPod({ spec, secrets: { keys } });
  const denied = await renderedPod({ spec, secrets: { keys: { ...keys, AWS_SECRET_ACCESS_KEY: 'wrong' } } });
  try {
    expect(await running.before('weights')).toMatchObject({ code: 0, said: expect.stringContaining('1 files') });
    const read = await running.engine(['sha256sum', '/models/tiny/model.safetensors']);
    expect(read).toEqual({ code: 0, said: `${sha256(weights)}  /models/tiny/model.safetensors\n` });
    expect(await denied.before('weights')).toMatchObject({
      code: 1,
      said: expect.stringContaining('SignatureDoesNotMatch'),
    });
  } finally {
    await running.remove();
    await denied.remove();
    await stop();
    await rm(root, { recursive: true });
  }
});
