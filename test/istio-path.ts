import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { redisLogins } from '@fairway/platform/serving/redis';
import type { Service } from '@fairway/service';
import { routeFilters } from '@fairway/targets/gateway/istio/filters';
import { gateways, tokenFilter, typed } from './gateway-filters.ts';
import { freePorts, listen } from './loopback.ts';
import { redisServerArguments } from './redis-server.ts';

/** Programs that stand behind the gateway, each with what it needs in its environment. */
export interface Programs {
  readonly envoy: string;
  readonly redis: { readonly path: string; readonly libraries: string };
  readonly rateLimit: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Envoy with the filters of Istio's gateway and those of a service, and Redis, rate limit service and cache as the platform starts them, without a cluster. */
export interface IstioPath {
  ask(subject: string, body?: object, path?: string): Promise<Answer>;
  /** Users by version: the weights of the route. */
  share(weights: Readonly<Record<string, number>>): Promise<void>;
  stopRedis(): Promise<void>;
  startRedis(): void;
  /** Headers with which requests reached the engine. */
  readonly reached: readonly NodeJS.Dict<string | string[]>[];
  /** What the programs said last. */
  said(): string;
  stop(): Promise<void>;
}

const issuer = 'https://issuer.example';
const gateway = { namespace: 'infra', name: 'edge' };

/** @param versions of the service; the first one has all users at first */
export async function startIstioPath(
  service: Service,
  versions: readonly string[],
  programs: Programs,
  folder: string,
): Promise<IstioPath> {
  const children = new Map<string, ChildProcess>();
  const servers: Server[] = [];
  const reached: NodeJS.Dict<string | string[]>[] = [];
  let said = '';
  const run = (name: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said = (said + text).slice(-6000)));
    children.set(name, child);
  };
  const end = async (name: string) => {
    const child = children.get(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };

  const engines: Record<string, number> = {};
  for (const version of versions) {
    const server = createServer((request, response) => {
      reached.push(request.headers);
      request.resume();
      request.on('end', () => answer(version, reached.length, response));
    });
    servers.push(server);
    engines[version] = await listen(server);
  }
  const [port, cachePort, metricsPort, redisPort, limitsPort, healthPort, debugPort] = await freePorts(7);
  const keys = await generateKeyPair('RS256');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' }] });
  const sign = (subject: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setSubject(subject)
      .setExpirationTime('1h')
      .sign(keys.privateKey);

  const logins = await redisLogins(folder);
  const args = await redisServerArguments(logins);
  const startRedis = () => {
    const more = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder];
    run('redis', programs.redis.path, [...args, ...more], { LD_LIBRARY_PATH: programs.redis.libraries });
  };
  startRedis();
  // the rate limit service ends where there is no Redis
  await pause(500);
  const main = join(import.meta.dirname, '../services/cache/src/main.ts');
  run('cache', process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    CACHE_PORT: String(cachePort),
    CACHE_METRICS_PORT: String(metricsPort),
    CACHE_REDIS_URL: `redis://cache:${logins.cache.password}@127.0.0.1:${redisPort}`,
  });
  const [rateLimit] = await containersOf('rate-limit');
  const named = Object.fromEntries((rateLimit!.env ?? []).map(({ name, value = '' }) => [name, value]));
  await writeConfiguration(join(folder, 'ratelimit/config'));
  run('rate limit', programs.rateLimit, [], {
    ...named,
    RUNTIME_ROOT: folder,
    REDIS_URL: `127.0.0.1:${redisPort}`,
    REDIS_AUTH: `limits:${logins.limits.password}`,
    GRPC_PORT: String(limitsPort),
    PORT: String(healthPort),
    DEBUG_PORT: String(debugPort),
  });

  const address = (of: number) => ({ socket_address: { address: '127.0.0.1', port_value: of } });
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const cluster = (name: string, of: number, grpc = false) => ({
    name,
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(of) } }] }] },
    ...(grpc && {
      typed_extension_protocol_options: {
        [http]: { '@type': `type.googleapis.com/${http}`, explicit_http_config: { http2_protocol_options: {} } },
      },
    }),
  });
  const clusterOf = (version: string) =>
    `outbound|8080||${service.name}-${version}.${service.namespace}.svc.cluster.local`;
  const start = async (weights: Readonly<Record<string, number>>) => {
    const configuration = {
      static_resources: {
        listeners: [
          { name: 'gateway', address: address(port!), filter_chains: [{ filters: [await filters(weights)] }] },
        ],
        clusters: [
          ...versions.map(version => cluster(clusterOf(version), engines[version]!)),
          cluster('fairway-cache', cachePort!, true),
          cluster('fairway-limits', limitsPort!, true),
          // nobody there: the service limits no running requests
          cluster('fairway-concurrency', limitsPort!, true),
        ],
      },
    };
    const file = join(folder, 'envoy.json');
    await writeFile(file, JSON.stringify(configuration));
    run('envoy', programs.envoy, ['-c', file, '--concurrency', '1', '--disable-hot-restart', '-l', 'warning']);
    const token = await sign('nobody-else');
    await until('the gateway to answer', async () => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`http://127.0.0.1:${port}/v1/models`, { headers })).status === 200;
    });
  };
  const filters = async (weights: Readonly<Record<string, number>>) =>
    typed('connection', 'extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      stat_prefix: 'gateway',
      early_header_mutation_extensions: (await gateways['Istio']!()).early,
      route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: routes(weights) }] },
      http_filters: await chain(jwks),
    });
  /** As istiod makes Envoy's routes of the HTTPRoutes, with what the service's EnvoyFilter adds. */
  const routes = (weights: Readonly<Record<string, number>>) => {
    const { configPatches } = routeFilters(service, gateway).spec as {
      configPatches: readonly {
        readonly match: {
          readonly routeConfiguration: { readonly vhost: { readonly route: { readonly name: string } } };
        };
        readonly patch: { readonly value: { readonly route: object } };
      }[];
    };
    const patched = (name: string, match: object) => {
      const { value } = configPatches.find(({ match: of }) => of.routeConfiguration.vhost.route.name === name)!.patch;
      const clusters = Object.entries(weights).map(([version, weight]) => ({ name: clusterOf(version), weight }));
      return {
        ...value,
        name,
        match,
        route: { ...value.route, weighted_clusters: { clusters }, timeout: '0s' },
        response_headers_to_add: [
          {
            header: {
              key: 'x-fairway-revision',
              value: `%CEL(has(upstream.address) ? (upstream.address.endsWith(":${engines[versions[0]!]}") ? "${versions[0]}" : "${versions[1]}") : "")%`,
            },
          },
        ],
      };
    };
    const place = `${service.namespace}.${service.name}`;
    return [
      patched(`${place}-chat.serving`, {
        prefix: '/',
        headers: [{ name: 'x-model', string_match: { exact: service.model.name } }],
      }),
      patched(`${place}-models.serving`, { path: '/v1/models' }),
      // where a request enters: its model is not known yet
      { name: `${place}-entry.no-model`, match: { prefix: '/' }, direct_response: { status: 404 } },
    ];
  };

  const until = async (what: string, check: () => Promise<boolean>) => {
    for (const last = Date.now() + 30_000; !(await check().catch(() => false)); await pause(100))
      if (Date.now() > last) throw new Error(`${what} did not come. The programs said: ${said}`);
  };
  await start({ [versions[0]!]: 100 });
  await until('the cache', async () => (await fetch(`http://127.0.0.1:${metricsPort}`)).status === 200);
  return {
    reached,
    said: () => said,
    async ask(subject, body, path = '/v1/chat/completions') {
      const headers = { authorization: `Bearer ${await sign(subject)}`, 'content-type': 'application/json' };
      const request = body
        ? { method: 'POST', headers, body: JSON.stringify({ model: service.model.name, ...body }) }
        : { headers };
      const response = await fetch(`http://127.0.0.1:${port}${path}`, request);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    async share(weights) {
      await end('envoy');
      await start(weights);
    },
    stopRedis: () => end('redis'),
    startRedis,
    async stop() {
      for (const name of children.keys()) await end(name);
      for (const server of servers) server.close();
    },
  };
}

/** The chain as istiod makes it: Istio's own two filters, and the platform's in the order of the EnvoyFilter. */
async function chain(jwks: string): Promise<readonly object[]> {
  const filters = await gateways['Istio']!();
  const { own } = filters;
  // the firewall and the first token are tried elsewhere
  const names = Object.keys(own).filter(name => name.startsWith('fairway.') && !/waf|first_token|address/.test(name));
  const [before, after] = [
    names.slice(0, names.indexOf('fairway.found_route') + 1),
    names.slice(names.indexOf('fairway.found_route') + 1),
  ];
  return [
    tokenFilter(filters, { issuer, jwks }),
    ...before.map(name => own[name]!),
    typed('envoy.filters.http.rbac', 'extensions.filters.http.rbac.v3.RBAC', {}),
    ...after.map(name => own[name]!),
    typed('envoy.filters.http.router', 'extensions.filters.http.router.v3.Router', {}),
  ];
}

/** An engine of one version; every answer is another one and takes ten tokens. */
function answer(version: string, count: number, response: ServerResponse): void {
  const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id: `${version}-${count}`, choices: [{ index: 0, finish_reason: 'stop' }], usage }));
}

interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

async function containersOf(part: string): Promise<readonly Container[]> {
  const file = join(platformTemplate, 'parts', part, `${part}.yaml`);
  const objects = parseManifest(await readFile(file, 'utf8'), file);
  const { spec } = objects.find(({ kind }) => kind === 'Deployment')!;
  return (spec as { template: { spec: { containers: readonly Container[] } } }).template.spec.containers;
}

/** The files of the ConfigMap, where the rate limit service reads them. */
async function writeConfiguration(folder: string): Promise<void> {
  const file = join(platformTemplate, 'parts/rate-limit/rate-limit.yaml');
  const map = parseManifest(await readFile(file, 'utf8'), file).find(({ kind }) => kind === 'ConfigMap')!;
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(map.data as Record<string, string>))
    await writeFile(join(folder, name), text);
}
