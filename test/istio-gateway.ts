import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { answers, applyDefinitions, definitionsOf, ended, startBareApiServer } from './bare-api-server.ts';
import { freePorts } from './loopback.ts';

/** Where the programs are, and the definitions of what they read. */
export interface Programs {
  readonly envoy: string;
  /** Folders of parts. */
  readonly kubernetes: string;
  readonly istiod: string;
  readonly gatewayDefinitions: string;
}

/** One issuer of whose tokens the gateway takes those that a key has signed. */
export interface Issuer {
  readonly issuer: string;
  readonly audience?: string;
  /** A key set, as JSON. */
  readonly keys: string;
}

export const istioGateway = { namespace: 'fairway-system', name: 'istio' };

/** What asks other programs: the firewall, limits and the cache are tried elsewhere. */
const othersAsked = /waf|limit|cache/;

/**
 * Envoy as istiod sets it up for the platform's gateway and the objects of services: istiod reads them from an API server, and no pod runs.
 * @returns where it answers; what it and istiod said last
 */
export async function startIstioGateway(
  programs: Programs,
  issuers: readonly Issuer[],
  services: readonly KubernetesObject[],
  folder: string,
) {
  // Envoy opens what it logs to by its path, which a pipe has not
  const log = join(folder, 'log');
  const output = openSync(log, 'w');
  const said = () => readFileSync(log, 'utf8').slice(-6000);
  const children: ChildProcess[] = [];
  const run = (program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', output, output] });
    children.push(child);
    return child;
  };
  await mkdir(join(folder, 'server'));
  const server = await startBareApiServer(programs.kubernetes, join(folder, 'server'));
  const stop = async () => {
    for (const child of children) await ended(child);
    await server.stop();
  };
  try {
    const [port, discovery, health, webhooks, secure, metrics, control, admin] = await freePorts(8);
    const istioDefinitions = await definitionsOf(programs.istiod);
    const gatewayDefinitions = await definitionsOf(programs.gatewayDefinitions);
    await applyDefinitions(server.cluster, [
      ...istioDefinitions,
      ...gatewayDefinitions.filter(({ metadata }) => metadata.name.endsWith('.gateway.networking.k8s.io')),
    ]);
    const namespaces = new Set([...services, { metadata: istioGateway }].map(({ metadata }) => metadata.namespace!));
    await applyObjects(server.cluster, [
      ...['istio-system', ...namespaces].map(name => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { 'fairway.dev/gateway': 'allowed' } },
      })),
      gatewayClass,
      serviceOf(port!),
      ...(await gatewayObjects(port!, issuers)),
      ...services,
    ]);
    const mesh = join(folder, 'mesh.yaml');
    // nobody here gives certificates
    await writeFile(mesh, 'rootNamespace: istio-system\nenableAutoMtls: false\n');
    const local = (of: number | undefined) => `127.0.0.1:${of}`;
    const istiod = run(
      join(programs.istiod, 'istiod'),
      [
        ...['discovery', '--kubeconfig', server.kubeconfig, '--meshConfig', mesh, '--grpcAddr', local(discovery)],
        ...['--httpAddr', local(health), '--httpsAddr', local(webhooks), '--secureGRPCAddr', local(secure)],
        ...['--monitoringAddr', local(metrics), '--ctrlz_port', String(control), '--shutdownDuration', '1s'],
        ...['--log_output_level', 'default:warn'],
      ],
      istiodEnvironment,
    );
    await answers(istiod, `http://${local(health)}/ready`);
    const file = join(folder, 'envoy.json');
    await writeFile(file, JSON.stringify(bootstrap(discovery!, admin!)));
    const envoy = run(programs.envoy, ['-c', file, '--concurrency', '1', '--disable-hot-restart', '-l', 'warning']);
    // it is ready once it has its listeners
    await answers(envoy, `http://${local(admin)}/ready`);
    return { port: port!, said, stop };
  } catch (error) {
    await stop();
    throw new Error(`The gateway did not start. The programs said: ${said()}`, { cause: error });
  }
}

/** As packages/platform/src/mesh has it for the filters that stock Envoy has not, and without what needs pods. */
const istiodEnvironment = {
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_TELEMETRY_LABEL: 'false',
  PILOT_ENDPOINT_TELEMETRY_LABEL: 'false',
  PILOT_ENABLE_GATEWAY_API_STATUS: 'false',
  PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'false',
  ENABLE_CA_SERVER: 'false',
  PILOT_CERT_PROVIDER: 'none',
  POD_NAMESPACE: 'istio-system',
};

const gatewayClass: KubernetesObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GatewayClass',
  metadata: { name: 'istio' },
  spec: { controllerName: 'istio.io/gateway-controller' },
};

/** By which the pods of the gateway are known. */
const labels = { 'gateway.networking.k8s.io/gateway-name': istioGateway.name };

/** As istiod makes it of the Gateway: it says on which port its pods listen. */
function serviceOf(port: number): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...istioGateway, name: `${istioGateway.name}-istio`, labels },
    spec: { selector: labels, ports: [{ name: 'http', port, protocol: 'TCP' }] },
  };
}

/** The platform's, with a port of this machine and the issuers of a test. */
async function gatewayObjects(port: number, issuers: readonly Issuer[]): Promise<readonly KubernetesObject[]> {
  const file = join(platformTemplate, 'parts/istio-gateway/gateway.yaml');
  interface Spec {
    readonly listeners: readonly object[];
    readonly jwtRules: readonly object[];
    readonly configPatches: readonly { readonly patch: { readonly value: { readonly name?: string } } }[];
  }
  return parseManifest(await readFile(file, 'utf8'), file).map(object => {
    const spec = object.spec as Spec;
    if (object.kind === 'Gateway')
      return { ...object, spec: { ...spec, listeners: spec.listeners.map(listener => ({ ...listener, port })) } };
    if (object.kind === 'EnvoyFilter') {
      const configPatches = spec.configPatches.filter(({ patch }) => !othersAsked.test(patch.value.name ?? ''));
      return { ...object, spec: { ...spec, configPatches } };
    }
    if (object.kind !== 'RequestAuthentication') return object;
    const jwtRules = issuers.map(({ issuer, audience, keys }) => ({
      ...spec.jwtRules[0],
      issuer,
      audiences: audience ? [audience] : undefined,
      jwksUri: undefined,
      jwks: keys,
    }));
    return { ...object, spec: { ...spec, jwtRules } };
  });
}

/** Envoy that asks istiod for everything, as a pod of the gateway. */
function bootstrap(discovery: number, admin: number): object {
  const address = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const { namespace, name } = istioGateway;
  const ads = { resource_api_version: 'V3', ads: {} };
  return {
    node: {
      id: `router~192.0.2.1~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: name,
      metadata: { NAMESPACE: namespace, LABELS: labels, CLUSTER_ID: 'Kubernetes', ISTIO_VERSION: '1.31.0' },
    },
    admin: { address: address(admin) },
    dynamic_resources: {
      lds_config: ads,
      cds_config: ads,
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'istiod' } }],
      },
    },
    static_resources: {
      clusters: [
        {
          name: 'istiod',
          connect_timeout: '1s',
          typed_extension_protocol_options: {
            [http]: { '@type': `type.googleapis.com/${http}`, explicit_http_config: { http2_protocol_options: {} } },
          },
          load_assignment: {
            cluster_name: 'istiod',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: address(discovery) } }] }],
          },
        },
      ],
    },
  };
}
