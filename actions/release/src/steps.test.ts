import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { askRelease } from '@fairway/clients/kubernetes/release-request';
import type { ReleaseRequest, RunningRelease } from '@fairway/clients/kubernetes/release-request';
import { english as sentence } from '@fairway/service/reasons/delivery-reason';
import { english } from '@fairway/service/reasons/reason';
import { startObjectServer } from '@fairway/clients/kubernetes/testing/object-server';
import { holdTraffic } from '@fairway/targets/gateway/traffic-lease';
import { serviceFolder } from '../../../test/service-folder.ts';
import { Requests } from './requests.ts';
import { stepTable } from './step-table.ts';
import { walkSteps } from './steps.ts';
import type { StepResult } from './steps.ts';

const { signal } = new AbortController();
let root: string;
let service: Service;
let engine: Server;
/** Whether the candidate answers with errors, and to how many requests more. */
let broken: boolean | number;
/** Whether it answers with errors of its own after those. */
let faulty: boolean;
/** How the candidate answers every other request; the gateway itself fails those between them. */
let beside: ((response: ServerResponse) => void) | undefined;
let asked = 0;
/** Whether requests get no answer, those of the candidate or all, and whether every other one does. */
let hangs: 'candidate' | 'gateway' | 'half' | undefined;
let objects: Awaited<ReturnType<typeof startObjectServer>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-steps-'));
  engine = createServer((_request, response) => {
    if (hangs && (hangs !== 'half' || asked++ % 2 === 0)) return;
    if (beside && asked++ % 2 === 0) return beside(response);
    if (beside) return void response.writeHead(500).end('of the gateway');
    if (typeof broken === 'number' && broken > 0) broken--;
    if (broken) return void response.writeHead(500).end('broken');
    if (faulty) return void response.writeHead(500, { 'x-fairway-revision': 'abc' }).end('of the version');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (value: object) => response.write(`data: ${JSON.stringify(value)}\n\n`);
    event({ choices: [{ delta: { content: 'one' } }] });
    setTimeout(() => {
      event({ choices: [{ delta: { content: 'two' }, finish_reason: 'length' }] });
      event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } });
      response.end('data: [DONE]\n\n');
    }, 5);
  });
  await new Promise<void>(resolve => engine.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
  broken = faulty = false;
  beside = hangs = undefined;
  objects = await startObjectServer();
  const metadata = { name: 'chat-abc', namespace: 'chat' };
  const status = { readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  await objects.cluster.request('POST', '/apis/apps/v1/namespaces/chat/deployments', {
    body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 1 }, status },
  });
});
afterEach(() => {
  engine.closeAllConnections();
  return objects.stop();
});
afterAll(async () => {
  engine.closeAllConnections();
  engine.close();
  await rm(root, { recursive: true });
});

async function described(steps: string, firstToken: number): Promise<Service> {
  const folder = await serviceFolder(
    root,
    'chat',
    `model: { name: chat, reference: 'hf://team/chat@${'0'.repeat(40)}' }
objectives:
  availability: 80
  goodput: 50
  timeToFirstToken: { percentile: 80, milliseconds: ${firstToken} }
  interTokenLatency: { percentile: 80, milliseconds: 5000 }
access: { requestsPerMinute: 30000 }
load: { requestsPerSecond: 100, outputTokens: 2 }
release: { steps: ${steps} }
`,
  );
  return loadService(folder);
}

/** A release in its steps by the real lease, judged by real requests, and the weights that it set. */
async function release(
  steps: string,
  meanwhile: (weights: readonly number[], lines: readonly string[]) => Promise<void>,
  direct = true,
  // what has an error has no first token either: nothing but errors shall miss an objective, however late a busy machine answers
  firstToken = 60_000,
) {
  service = await described(steps, firstToken);
  const weights: number[] = [];
  const lines: string[] = [];
  const walk = holdTraffic(objects.cluster, service, { holder: 'd1 on runner', signal }, async hold => {
    const requests = new Requests(hold);
    const { port } = engine.address() as AddressInfo;
    const traffic = {
      shares: async () => new Map([['abc', weights.at(-1) ?? 0]]),
      async set(shares: ReadonlyMap<string, number>) {
        weights.push(shares.get('abc')!);
      },
    };
    const way = {
      url: `http://127.0.0.1:${port}`,
      direct,
      headers: async () => ({}),
      passes: async () => hangs !== 'gateway',
      problem: () => undefined,
      close: async () => undefined,
    };
    return walkSteps(objects.cluster, traffic, service, {
      ...{ way, candidate: 'abc', stable: 'def', watch: undefined, requests, signal },
      progress: line => lines.push(line),
    }).finally(() => {
      requests.end();
      // moving the traffic to its end takes as long
      return seconds(1);
    });
  });
  const [results] = await Promise.all([walk, meanwhile(weights, lines)]);
  return { results: results as readonly StepResult[], weights, lines };
}

async function ask(request: ReleaseRequest, by = 'ann'): Promise<RunningRelease> {
  for (;;) {
    const { release: heard, rejected } = {
      release: undefined,
      ...(await askRelease(objects.cluster, {
        request,
        namespace: 'chat',
        name: 'chat',
        candidate: 'abc',
        by,
        signal,
      })),
    };
    if (heard) return heard;
    if (!['release.none', 'release.other'].includes(rejected!.code)) throw new Error(english(rejected!));
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const seconds = (count: number) => new Promise(resolve => setTimeout(resolve, 1000 * count));

test('a pause holds the weights longer than the step may last, and the step begins anew after it', async () => {
  const { results, weights, lines } = await release(
    '[{ weight: 10, seconds: 1, maxSeconds: 4 }, { weight: 100, seconds: 1, maxSeconds: 20 }]',
    async set => {
      expect(await ask('pause')).toMatchObject({ state: 'paused', weight: 10, step: 1, steps: 2 });
      await seconds(7);
      expect(set).toEqual([10]);
      await ask('resume');
    },
  );
  expect(weights).toEqual([10, 100]);
  expect(results.map(({ weight, verdict, paused }) => [weight, verdict, paused?.by])).toEqual([
    [10, 'inconclusive', 'ann'],
    [10, 'pass', undefined],
    [100, 'pass', undefined],
  ]);
  const { at, until } = results[0]!.paused!;
  expect(Date.parse(until) - Date.parse(at)).toBeGreaterThanOrEqual(7000);
  expect(lines.join('\n')).toMatch(/^10 %, paused by ann since .*: \d+ answers to users/m);
  expect(stepTable(results)).toMatch(/\| 10 % .* \| paused by ann from .* until .*, then judged anew \|/);
});

test('a candidate that misses an objective is not held with its users', async () => {
  const { results, weights } = await release(
    '[{ weight: 10, seconds: 1, maxSeconds: 20 }, { weight: 100, seconds: 1 }]',
    async () => {
      await ask('pause');
      broken = true;
    },
  );
  expect(weights).toEqual([10]);
  expect(results.map(({ verdict, paused }) => [verdict, paused?.by])).toEqual([
    ['inconclusive', 'ann'],
    ['fail', undefined],
  ]);
  expect(sentence(results[1]!.objection!)).toMatch(/^availability is missed/);
});

test.each([
  ['in a step', async () => undefined],
  ['in a pause', () => ask('pause')],
])('promoting %s leaves the steps out, and is no pass', async (_name, before) => {
  const { results, weights } = await release(
    '[{ weight: 10, seconds: 60, maxSeconds: 90 }, { weight: 100, seconds: 60, maxSeconds: 90 }]',
    async () => {
      await before();
      await ask('promote', 'bob');
    },
  );
  expect(weights).toEqual([10]);
  expect(results.at(-1)).toMatchObject({ weight: 10, verdict: 'inconclusive', promoted: { by: 'bob' } });
  expect(results.at(-1)!.objection).toBeUndefined();
  expect(stepTable(results)).toMatch(/\| promoted by bob at /);
});

test.each([
  ['in a step', async () => undefined],
  ['in a pause', () => ask('pause')],
])('aborting %s ends the release with an objection, and is no verdict about the candidate', async (_name, before) => {
  const { results, weights } = await release(
    '[{ weight: 10, seconds: 60, maxSeconds: 90 }, { weight: 100, seconds: 60, maxSeconds: 90 }]',
    async () => {
      await before();
      expect(await ask('abort', 'bob')).toMatchObject({ state: 'aborted', aborted: { by: 'bob' } });
      await expect(ask('promote')).rejects.toThrow('bob has aborted the release of abc already.');
    },
  );
  expect(weights).toEqual([10]);
  expect(results.at(-1)).toMatchObject({
    ...{ weight: 10, verdict: 'inconclusive', aborted: { by: 'bob' } },
  });
  expect(sentence(results.at(-1)!.objection!)).toBe('bob aborted the release');
  expect(stepTable(results)).toMatch(/\| aborted by bob at /);
});

test('a candidate that breaks after it met all objectives fails the step that still lasts', async () => {
  const { results, weights } = await release(
    '[{ weight: 10, seconds: 15, maxSeconds: 30 }, { weight: 100, seconds: 1 }]',
    async (_set, lines) => {
      while (!(Number(/(\d+) to requests made here/.exec(lines.at(-1) ?? '')?.[1]) > 40)) await seconds(0.05);
      broken = true;
    },
  );
  expect(weights).toEqual([10]);
  expect(results.map(({ verdict }) => verdict)).toEqual(['fail']);
  expect(sentence(results[0]!.objection!)).toMatch(/^availability is missed/);
  // with 17 good answers in a row all objectives are met (0.8^17 is under half of 5 %)
  expect(results[0]!.synthetic).toBeGreaterThan(40);
});

test('a gateway that failed some requests at first makes the step longer, not undecided', async () => {
  broken = 100;
  const { results } = await release('[{ weight: 100, seconds: 1, maxSeconds: 60 }]', async () => undefined, false);
  expect(results).toMatchObject([{ verdict: 'pass' }]);
  // a fifth may be unavailable
  expect(results[0]!.gatewayErrors).toBeGreaterThan(20);
  expect(results[0]!.synthetic).toBeGreaterThanOrEqual(4 * results[0]!.gatewayErrors);
});

test('a gateway that never lets anybody through is what is said, and not that nothing is decided', async () => {
  broken = true;
  const { results } = await release('[{ weight: 100, seconds: 1, maxSeconds: 3 }]', async () => undefined, false);
  expect(results).toMatchObject([{ verdict: 'inconclusive', synthetic: 0 }]);
  expect(sentence(results[0]!.objection!)).toMatch(
    /^the gateway itself failed \d+ requests, which says nothing of the version; the first error: HTTP 500: broken$/,
  );
});

test('an error of the gateway is not given as the first one of a version that fails', async () => {
  const { results } = await release(
    '[{ weight: 100, seconds: 15, maxSeconds: 30 }]',
    async (_set, lines) => {
      while (!(Number(/(\d+) to requests made here/.exec(lines.at(-1) ?? '')?.[1]) > 60)) await seconds(0.05);
      broken = 6;
      faulty = true;
    },
    false,
  );
  // the last of them is answered
  expect(results).toMatchObject([{ verdict: 'fail', gatewayErrors: 5 }]);
  expect(sentence(results[0]!.objection!)).toMatch(
    /^availability is missed.*; the first error: HTTP 500: of the version$/,
  );
});

const own = { 'x-fairway-revision': 'abc', 'content-type': 'text/event-stream' };

test.each<[string, (response: ServerResponse) => void, string]>([
  [
    'answers with errors of its own',
    response => response.writeHead(500, own).end('of the version'),
    'HTTP 500: of the version',
  ],
  ['has an error in its stream', response => response.writeHead(200, own).end('data: {"error":"CUDA"}\n\n'), 'CUDA'],
])('a version that %s fails, whatever the gateway does', async (_name, answer, words) => {
  beside = answer;
  const { results } = await release('[{ weight: 100, seconds: 1, maxSeconds: 30 }]', async () => undefined, false);
  expect(results).toMatchObject([{ verdict: 'fail' }]);
  expect(results[0]!.gatewayErrors).toBeGreaterThan(0);
  expect(sentence(results[0]!.objection!)).toMatch(new RegExp(`^availability is missed.*; the first error: ${words}$`));
});

test.each<[string, (response: ServerResponse) => void]>([
  [
    'breaks in the middle',
    response => {
      response.writeHead(200, own).write('data: {"choices":[{"delta":{"content":"one"}}]}\n\n');
      setTimeout(() => response.destroy(), 5);
    },
  ],
  ['is not reached', response => response.writeHead(503, own).end('upstream connect error')],
])('a version whose answer %s beside a gateway that fails has missed nothing of its own', async (_name, answer) => {
  beside = answer;
  const { results } = await release('[{ weight: 100, seconds: 1, maxSeconds: 3 }]', async () => undefined, false);
  expect(results).toMatchObject([{ verdict: 'inconclusive' }]);
  expect(sentence(results[0]!.objection!)).toMatch(/^the gateway itself failed \d+ requests/);
});

test('a request that the gateway denies says nothing of the version', async () => {
  beside = response => response.writeHead(403).end('RBAC: access denied');
  const { results } = await release('[{ weight: 100, seconds: 1, maxSeconds: 3 }]', async () => undefined, false);
  expect(results).toMatchObject([{ verdict: 'inconclusive', synthetic: 0 }]);
  expect(sentence(results[0]!.objection!)).toMatch(/^the gateway itself failed \d+ requests/);
});

/** A runner that is held up for 700 of 1000 milliseconds. */
async function heldUp<T>(work: () => Promise<T>): Promise<T> {
  const held = setInterval(() => {
    const until = Date.now() + 700;
    while (Date.now() < until);
  }, 1000);
  return work().finally(() => clearInterval(held));
}

test('a runner that is too slow to send says nothing of the version', async () => {
  const steps = '[{ weight: 100, seconds: 1, maxSeconds: 6 }]';
  const { results } = await heldUp(() => release(steps, async () => undefined, true, 200));
  expect(results).toMatchObject([{ verdict: 'inconclusive' }]);
  expect(sentence(results[0]!.objection!)).toMatch(/^the requests of the release itself were sent late \(p99 \d+ ms/);
});

test.each([
  ['at its pods', 'candidate', true],
  ['at a gateway that answers for the version that serves', 'candidate', false],
  ['to every other request', 'half', false],
] as const)(
  'a version that gives no answer %s fails long before the longest stream ends',
  async (_name, how, direct) => {
    hangs = how;
    const steps = '[{ weight: 100, seconds: 1, maxSeconds: 600 }]';
    const { results } = await release(steps, async () => undefined, direct, 500);
    expect(results).toMatchObject([{ verdict: 'fail' }]);
    expect(sentence(results[0]!.objection!)).toMatch(/^time-to-first-token is missed/);
  },
);

test('a version that gives no answer fails for a runner that is too slow to send, too', async () => {
  hangs = 'candidate';
  const steps = '[{ weight: 100, seconds: 1, maxSeconds: 60 }]';
  const { results } = await heldUp(() => release(steps, async () => undefined, true, 500));
  expect(results).toMatchObject([{ verdict: 'fail' }]);
  expect(sentence(results[0]!.objection!)).toMatch(/^time-to-first-token is missed/);
});

test('a step ends though requests made in it still wait', async () => {
  hangs = 'gateway';
  const steps = '[{ weight: 100, seconds: 1, maxSeconds: 2 }]';
  const { results } = await release(steps, async () => undefined, false, 500);
  expect(results).toMatchObject([{ verdict: 'inconclusive' }]);
});

test('a gateway that answers nobody says nothing of the version', async () => {
  hangs = 'gateway';
  const { results } = await release(
    '[{ weight: 100, seconds: 1, maxSeconds: 600 }]',
    async () => {
      await seconds(6);
      await ask('abort');
    },
    false,
    500,
  );
  expect(results).toMatchObject([{ verdict: 'inconclusive', aborted: { by: 'ann' } }]);
});
