/**
 * npm run bench -- latency [--seconds 40]: what the whole path (gateway, firewall, OAuth, RBAC, limits, cache) adds to an engine, at 1, 16 and 64
 * streams. The engine answers at fixed times, so that what differs is the path's; engine and gateway take turns, and the load comes from inside the
 * platform's network to both. Prints a table; the last line is one JSON object.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { versionName } from '@fairway/clients/kubernetes/names';
import { clusterFolder, platformFolders } from '@fairway/platform/folders';
import { readState } from '@fairway/platform';
import { Sandbox } from '@fairway/platform/sandbox';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { fairway } from '../../e2e/fairway-command.ts';
import { editService } from '../../e2e/example-copy.ts';
import { copyFaultyService } from '../../long/faulty-service.ts';
import { removeService } from '../../remove-service.ts';
import { withPlatform } from '../../with-platform.ts';
import { processorTime } from './processor-time.ts';
import type { Program } from './processor-time.ts';
import type { Measured, Trial } from './trial.ts';

const name = 'hello-latency';
const hostname = `${name}.localhost`;
/** Milliseconds of the engine to its first token and between two. */
const pace = { first: 20, gap: 20 };

export async function latencyBench(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { streams: { type: 'string', default: '1,16,64' }, seconds: { type: 'string', default: '40' } },
  });
  await withPlatform(async () => {
    const folder = await copyFaultyService(name, hostname);
    try {
      await editService(folder, text => text.replace(/^access:$/m, 'cache: {}\n\naccess:'));
      const { code, stages, stderr } = await fairway(['deliver', folder, '--to', 'mesh', '--json']);
      if (code !== 0) throw new Error(stderr.slice(-3000));
      const revision = stages.find(({ stage }) => stage === 'deploy')?.outputs['revision'] ?? '';
      await measure(folder, revision, values.streams.split(',').map(Number), Number(values.seconds));
    } finally {
      await removeService((await readState())!, name);
      await rm(folder, { recursive: true });
    }
  });
}

async function measure(folder: string, revision: string, streams: readonly number[], seconds: number): Promise<void> {
  const [engine, gateway] = await addresses(revision);
  const { stdout } = await fairway(['token']);
  const trial = (more: Partial<Trial> & Pick<Trial, 'url' | 'streams'>): Promise<Measured> =>
    inside({ folder, hostname, seconds, pace, token: stdout.trim(), ...more });
  const rows: Record<string, number | string>[] = [];
  for (const count of streams) {
    const bare = await trial({ url: engine, streams: count });
    const path = await trial({ url: gateway, streams: count });
    const added = (of: (measured: Measured) => number) => rounded(of(path) - of(bare));
    rows.push({
      streams: count,
      requests: path.requests,
      failed: bare.failed + path.failed,
      'first token p50, ms': added(({ ttft }) => ttft.p50),
      'first token p99, ms': added(({ ttft }) => ttft.p99),
      'a token p50, ms': added(({ tpot }) => tpot.p50),
      generator: [...bare.bottleneck, ...path.bottleneck].join(' '),
    });
  }
  const first = await new Sandbox(clusterFolder(platformFolders())).firstProcess();
  const sequences = [];
  for (const sequence of ['past', 'hit'] as const) {
    const bare = sequence === 'hit' ? undefined : await trial({ url: engine, streams: 1, sequence });
    const before = processorTime(first!);
    const { requests, duration } = await trial({ url: gateway, streams: 1, sequence });
    const used = Object.entries(processorTime(first!)).map(([program, after]) => [
      `${program}, CPU ms`,
      rounded((after - before[program as Program]) / requests),
    ]);
    sequences.push({
      sequence,
      requests,
      'p50, ms': rounded(duration.p50 - (bare?.duration.p50 ?? 0)),
      'p99, ms': rounded(duration.p99 - (bare?.duration.p99 ?? 0)),
      ...(Object.fromEntries(used) as Record<string, number>),
    });
  }
  console.table(rows);
  process.stdout.write(
    'Requests of one token, one after the other: past the cache, what the path adds; hits, the whole answer.\n',
  );
  console.table(sequences);
  process.stdout.write(`${JSON.stringify({ added: rows, sequences })}\n`);
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;

interface Addressed extends KubernetesObject {
  readonly spec?: { readonly clusterIP?: string; readonly ports?: readonly { port: number; nodePort?: number }[] };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

/** Of the version's Service and of the gateway, as they are reached from inside the platform's network. */
async function addresses(revision: string): Promise<readonly [string, string]> {
  const cluster = await connectCluster((await readState())!.kubernetes);
  const metadata = { namespace: name, name: versionName(name, revision) };
  const engine = await cluster.get<Addressed>({ apiVersion: 'v1', kind: 'Service', metadata });
  const [proxy] = await cluster.list<Addressed>('v1', 'Service', 'envoy-gateway-system', {
    'gateway.envoyproxy.io/owning-gateway-name': 'fairway',
  });
  const [node] = await cluster.list<Addressed>('v1', 'Node');
  const address = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  return [
    `http://${engine?.spec?.clusterIP}:${engine?.spec?.ports?.[0]?.port}`,
    `http://${address}:${proxy?.spec?.ports?.[0]?.nodePort}`,
  ];
}

async function inside(trial: Trial): Promise<Measured> {
  const sandbox = new Sandbox(clusterFolder(platformFolders()));
  const said = await sandbox.run([process.execPath, join(import.meta.dirname, 'trial.ts'), JSON.stringify(trial)]);
  return JSON.parse(said.trimEnd().split('\n').at(-1)!) as Measured;
}
