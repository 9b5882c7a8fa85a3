import { readFileSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import type { APIError } from 'openai';
import { readRecord, stageOrder } from '@fairway/stage';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { askGateway } from './ask.ts';
import { curvesOf, curvesWithoutFigures } from './dashboard-curves.ts';
import { copyExample, editService, giveHostname } from './example-copy.ts';
import { type CommandResult, fairway } from './fairway-command.ts';
import { removeService } from '../remove-service.ts';
import { langChain, openAi } from './openai-clients.ts';
import { accessToken, platform } from './platform.ts';

jest.setTimeout(40 * 60_000);

const name = 'hello-e2e';
const hostname = 'hello-e2e.test';
let folder: string;

/** By a host name of its own, so that another service on the same gateway does not answer instead. */
const ask = (path: string, options?: { token?: string; body?: unknown }) => askGateway(hostname, path, options);

const chat = (content: string, stream = false) => ({
  model: 'hello-tiny',
  stream,
  max_tokens: 8,
  messages: [{ role: 'user', content }],
});

/** Stages that did not pass, with their reasons, so that a failed run says what went wrong. */
const notPassed = ({ stages }: CommandResult) =>
  stages.flatMap(({ stage, verdict, reason }) =>
    ['pass', 'skipped'].includes(verdict) ? [] : [`${stage} ${verdict}: ${reason}`],
  );

beforeAll(async () => {
  folder = await copyExample(name);
  await giveHostname(folder, hostname);
  const container = '{ name: engine, terminationMessagePolicy: FallbackToLogsOnError }';
  const patch = `{ kind: Deployment, spec: { template: { spec: { containers: [${container}] } } } }`;
  await editService(
    folder,
    text => `${text}\nworkload: { tolerations: [{ key: team, operator: Exists }], patches: [${patch}] }\n`,
  );
});

afterAll(async () => {
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

describe('a first delivery', () => {
  let result: CommandResult;

  beforeAll(async () => {
    result = await fairway(['deliver', folder, '--json']);
  });

  it('passes every stage, after the scan made it fix the image', () => {
    expect(result.stderr).toContain('release');
    expect(result.stages.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
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
    expect(result.code).toBe(0);
  });

  it('removed findings that are really there before and gone after', async () => {
    const evidence = (await readRecord(folder))?.stages.remediate?.evidence ?? [];
    const findings = (file: string) => {
      const piece = evidence.find(candidate => candidate.path.endsWith(file));
      return JSON.parse(readFileSync(join(folder, '.fairway', piece?.path ?? ''), 'utf8')) as unknown;
    };
    expect(JSON.stringify(findings('findings-before.json'))).toContain('CVE-');
    const remediate = result.stages.find(({ stage }) => stage === 'remediate');
    expect(Number(remediate?.outputs['before'])).toBeGreaterThan(0);
    expect(Number(remediate?.outputs['after'])).toBe(0);
    expect(findings('findings-after.json')).toBeDefined();
  });

  it('made the image smaller', () => {
    const outputs = result.stages.find(({ stage }) => stage === 'optimize')?.outputs ?? {};
    expect(Number(outputs['size-after'])).toBeLessThan(Number(outputs['size-before']));
  });

  it('streams a chat completion through the gateway to its [DONE]', async () => {
    const answer = await ask('/v1/chat/completions', {
      token: await accessToken('user', 'llm:chat'),
      body: chat('Say hello.', true),
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^data: \{/);
    expect(answer.text.trimEnd()).toMatch(/data: \[DONE\]$/);
  });

  it.each([
    ['no token', 401, async () => ask('/v1/chat/completions', { body: chat('hello') })],
    [
      'a scope that does not allow it',
      403,
      async () => ask('/v1/chat/completions', { token: await accessToken('viewer', 'llm:read'), body: chat('hello') }),
    ],
    [
      'an SQL injection',
      403,
      async () =>
        ask("/v1/models?id=1'%20OR%20'1'='1'%20UNION%20SELECT%20password%20FROM%20users--", {
          token: await accessToken('user', 'llm:read'),
        }),
    ],
    [
      'a prompt with code',
      200,
      async () =>
        ask('/v1/chat/completions', {
          token: await accessToken('user', 'llm:chat'),
          body: chat("Explain: SELECT * FROM users WHERE id=1 OR 1=1; -- and import os; os.system('ls')"),
        }),
    ],
  ])('answers %s with %i', async (_case, status, send) => {
    expect((await send()).status).toBe(status);
  });

  describe('to clients of the OpenAI API, with one token', () => {
    const sql = 'SELECT * FROM users WHERE id = 1 UNION SELECT password FROM admins; DROP TABLE users; --';
    const tool = {
      type: 'function' as const,
      function: {
        name: 'base64_decode',
        description: sql,
        parameters: {
          type: 'object',
          properties: { sql: { type: 'string', description: sql, default: "' OR 1=1 --" } },
        },
      },
    };
    let token: string;
    let client: OpenAI;

    beforeAll(async () => {
      token = (JSON.parse((await fairway(['token', '--json'])).stdout) as { token: string }).token;
      client = openAi(hostname, token);
    });

    it('lists the models and gives one by its name', async () => {
      const listed = [];
      for await (const model of client.models.list()) listed.push(model.id);
      expect(listed).toEqual(['hello-tiny']);
      expect(await client.models.retrieve('hello-tiny')).toMatchObject({ id: 'hello-tiny', object: 'model' });
      await expect(client.models.retrieve('another')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    });

    it('streams, counts and takes tools, results of tools, schemas, stop words and biases', async () => {
      const stream = await client.chat.completions.create({
        model: 'hello-tiny',
        stream: true,
        stream_options: { include_usage: true },
        max_tokens: 8,
        stop: ['</s>', '<|eot_id|>', '\nObservation:', '```', ';'],
        logit_bias: Object.fromEntries(Array.from({ length: 300 }, (_, id) => [id, -1])),
        tools: [tool],
        messages: [
          { role: 'user', content: sql },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 'call_1', type: 'function', function: { name: 'base64_decode', arguments: '{"sql":"1; --"}' } },
            ],
          },
          { role: 'tool', tool_call_id: 'call_1', content: 'uid=0(root); /etc/passwd <script>alert(1)</script>' },
        ],
      });
      let usage: number | undefined;
      for await (const chunk of stream) usage = chunk.usage?.completion_tokens ?? usage;
      expect(usage).toBeGreaterThan(0);
    });

    it('completes texts and token ids', async () => {
      const complete = (prompt: string | number[]) =>
        client.completions.create({ model: 'hello-tiny', prompt, max_tokens: 4 });
      expect((await complete(`#!/bin/sh\nrm -rf / ; cat /etc/passwd`)).usage?.completion_tokens).toBeGreaterThan(0);
      expect((await complete([1, 2, 3, 4, 5])).usage?.prompt_tokens).toBe(5);
      // more ids than the model takes: its own answer, not the firewall's
      await expect(complete(Array.from({ length: 32_000 }, (_, id) => id % 200))).rejects.toMatchObject({
        status: 400,
        error: { type: 'exceed_context_size_error' },
      });
    });

    it('streams to LangChain and binds its tools', async () => {
      const chat = langChain(hostname, token, 'hello-tiny').bindTools([tool]);
      const pieces = [];
      for await (const piece of await chat.stream(sql)) pieces.push(piece);
      expect(pieces.length).toBeGreaterThan(1);
    });

    it.each([
      ['401', 'invalid_api_key', () => openAi(hostname, 'no-token').models.list()],
      [
        '403',
        'insufficient_permissions',
        async () =>
          openAi(hostname, await accessToken('viewer', 'llm:read')).completions.create({
            model: 'hello-tiny',
            prompt: 'a',
          }),
      ],
      ['403', 'blocked_by_firewall', () => client.completions.create({ model: sql, prompt: 'a' })],
      [
        '413',
        'request_too_large',
        () => client.completions.create({ model: 'hello-tiny', prompt: 'a '.repeat(600_000) }),
      ],
      [
        '415',
        'unsupported_media_type',
        () => client.post('/completions', { body: 'a=b', headers: { 'content-type': 'text/plain' } }),
      ],
    ])('shows %s %s as an error with a sentence and a request id, and no version', async (status, code, send) => {
      const error = (await send().then(undefined, (caught: unknown) => caught)) as APIError;
      expect({ status: error.status, code: error.code }).toEqual({ status: Number(status), code });
      expect(error.message).toMatch(/^\d{3} [A-Z].*\.$/);
      expect((error.error as { request_id?: string }).request_id).toMatch(/^[0-9a-f-]{36}$/);
      expect(error.requestID).toBe((error.error as { request_id?: string }).request_id);
      expect(error.headers?.get('x-fairway-revision')).toBeNull();
    });

    it('looks at the address before it asks who somebody is', async () => {
      const answer = await ask("/v1/models?id=1'%20OR%20'1'='1'%20UNION%20SELECT%20password%20FROM%20users--");
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('blocked_by_firewall');
    });
  });

  it('runs the digest that the registry holds', async () => {
    const digest = result.stages.find(({ stage }) => stage === 'push')?.outputs['digest'];
    const cluster = await connectCluster(platform.kubernetes);
    const pods = (await cluster.list('v1', 'Pod', name, { 'app.kubernetes.io/name': name })) as unknown as {
      status: { containerStatuses: { imageID: string }[] };
    }[];
    expect(pods.length).toBeGreaterThan(0);
    for (const pod of pods) {
      expect(pod.status.containerStatuses[0]?.imageID).toContain(digest);
      // as `workload` says
      expect(pod).toMatchObject({
        spec: {
          tolerations: expect.arrayContaining([{ key: 'team', operator: 'Exists' }]),
          containers: [{ name: 'engine', terminationMessagePolicy: 'FallbackToLogsOnError' }],
        },
      });
    }
    const password = readFileSync(platform.registry.passwordFile, 'utf8').trim();
    const authorization = `Basic ${Buffer.from(`${platform.registry.username}:${password}`).toString('base64')}`;
    const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
    const answer = await fetch(`http://${platform.registry.address}/v2/${name}/manifests/${digest}`, {
      headers: { accept, authorization },
    });
    expect(answer.status).toBe(200);
    // a tag of its own, so that the next image leaves no digest untagged that still runs
    const { tags } = (await (
      await fetch(`http://${platform.registry.address}/v2/${name}/tags/list`, { headers: { authorization } })
    ).json()) as { tags: string[] };
    expect(tags.filter(tag => tag.endsWith(`-${digest?.slice(7, 19)}`))).toHaveLength(1);
  });

  it('left rules that Prometheus has loaded and a target that is up', async () => {
    const rules = await (await fetch(`${platform.prometheus.url}/api/v1/rules`)).text();
    expect(rules).toContain(name);
    const health = async () => {
      const targets = (await (await fetch(`${platform.prometheus.url}/api/v1/targets?state=active`)).json()) as {
        data: { activeTargets: { health: string; labels: Record<string, string> }[] };
      };
      return targets.data.activeTargets.filter(({ labels }) => labels['namespace'] === name).map(found => found.health);
    };
    // the release has just said that users reach the version: with that label it is a new target
    for (let left = 20; left > 0 && !(await health()).includes('up'); left--) await sleep(1000);
    expect(await health()).toContain('up');
  });

  it('left a dashboard of which every curve has figures', async () => {
    const curves = await curvesOf(folder);
    expect(curves.length).toBeGreaterThan(5);
    const token = await accessToken('user', 'llm:chat');
    const asking = async () =>
      expect((await ask('/v1/chat/completions', { token, body: chat('hello') })).status).toBe(200);
    expect(await curvesWithoutFigures(curves, asking)).toEqual([]);
  });
});

describe('a second delivery with nothing changed', () => {
  it('skips every stage and says since when', async () => {
    const result = await fairway(['deliver', folder, '--json']);
    expect(result.code).toBe(0);
    expect(result.stages.map(({ stage, verdict, why }) => `${stage} ${verdict}: ${why}`)).toEqual(
      stageOrder.map(stage => expect.stringMatching(`^${stage} skipped: unchanged since `)),
    );
  });

  it('plans nothing in a dry run', async () => {
    const result = await fairway(['deliver', folder, '--dry-run']);
    expect(result.code).toBe(0);
    expect(result.stderr.match(/^skip {2}/gm)).toHaveLength(stageOrder.length);
  });
});

describe('a delivery of other objectives, another host name and another load', () => {
  it('makes no other image, and neither scans nor fixes it again', async () => {
    const before = await readFile(join(folder, 'fairway.yaml'), 'utf8');
    await editService(folder, text => {
      const hosted = text.replace(`hostname: ${hostname}`, 'hostname: hello-other.test');
      const objectives = hosted.replace('availability: 99', 'availability: 98.5');
      const load = objectives.replace('requestsPerSecond: 20', 'requestsPerSecond: 21');
      return new Set([text, hosted, objectives, load]).size === 4 ? load : text;
    });
    const result = await fairway(['deliver', folder, '--to', 'push', '--json']);
    await writeFile(join(folder, 'fairway.yaml'), before);
    expect(result.stages.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
      'prepare pass',
      'build skipped',
      'scan skipped',
      'remediate skipped',
      'optimize skipped',
      'push skipped',
    ]);
    expect((await readRecord(folder))?.image.reference).toContain('@sha256:');
  });
});

describe('a delivery that is interrupted', () => {
  it('ends with 130, keeps the record and goes on from there', async () => {
    await appendFile(join(folder, 'Dockerfile'), 'LABEL fairway.dev/test=touched\n');
    let sent = false;
    const interrupted = await fairway(['deliver', folder, '--json'], {}, (child, stderr) => {
      if (!sent && /^optimize/m.test(stderr)) sent = child.kill('SIGINT');
    });
    expect(interrupted.code).toBe(130);
    const record = await readRecord(folder);
    expect(record?.stages.remediate?.verdict).toBe('pass');
    expect(
      (await ask('/v1/chat/completions', { token: await accessToken('user', 'llm:chat'), body: chat('still there?') }))
        .status,
    ).toBe(200);

    const resumed = await fairway(['deliver', folder, '--json']);
    expect(notPassed(resumed)).toEqual([]);
    expect(resumed.code).toBe(0);
    const verdictOf = (stage: string) => resumed.stages.find(candidate => candidate.stage === stage)?.verdict;
    expect(verdictOf('build')).toBe('skipped');
    expect(verdictOf('optimize')).toBe('pass');
  });
});

describe('what goes wrong', () => {
  it.each([
    [
      'an unknown context',
      ['--from', 'deploy', '--to', 'deploy', '--kubeconfig', platform.kubernetes.kubeconfig, '--context', 'nowhere'],
      {},
      /nowhere.*fairway/s,
    ],
    ['an unreachable registry', ['--from', 'push', '--to', 'push', '--registry', '127.0.0.1:1'], {}, /127\.0\.0\.1:1/],
    [
      'wrong registry credentials',
      ['--from', 'push', '--to', 'push'],
      { FAIRWAY_PASSWORD: 'wrong-password' },
      /credentials|username|password/,
    ],
  ])('says in one paragraph what to do about %s', async (_case, argv, environment, message) => {
    const result = await fairway(['deliver', folder, ...argv, '--json'], environment);
    expect(result.code).toBe(1);
    expect(result.stages.at(-1)?.reason).toMatch(message);
    expect(result.stderr).not.toContain('wrong-password');
    expect(result.stderr).not.toContain('at async');
  });

  it('diagnoses a version that never becomes ready, and the old one still answers', async () => {
    await editService(
      folder,
      text => `${text.replace(/cpu: 250m/, "cpu: '64'")}\nstartup: { schedulingSeconds: 10 }\n`,
    );
    const result = await fairway(['deliver', folder, '--json']);
    expect(result.code).toBe(1);
    const last = result.stages.at(-1);
    expect(last).toMatchObject({ stage: 'deploy', verdict: 'fail' });
    expect(last?.reason).toMatch(/cpu.*waiting for a node.*startup\.schedulingSeconds/is);
    expect((await readRecord(folder))?.stages.deploy?.reason).toBe(last?.reason);
    expect(
      (await ask('/v1/chat/completions', { token: await accessToken('user', 'llm:chat'), body: chat('still there?') }))
        .status,
    ).toBe(200);
  });

  it('names file, line and column of an unknown key, before anything runs', async () => {
    await editService(folder, text => text.replace(/^objectives:/m, 'objectivs:'));
    const result = await fairway(['deliver', folder, '--json']);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/fairway\.yaml:\d+:\d+: .*objectivs.*objectives/s);
  });
});
