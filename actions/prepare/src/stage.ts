import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { checkPush, openRegistry } from '@fairway/clients/registry/index';
import { keyAddress } from '@fairway/clients/kms/address';
import { privateKey } from '@fairway/clients/sigstore/private-key';
import { hubFetch } from '@fairway/clients/hub/index';
import {
  adaptersOfService,
  argumentsElsewhere,
  checkAdapters,
  checkArguments,
  checkNodes,
  checkWeights,
  engineMemory,
  engineProfile,
  engineVersion,
  modelOfService,
  withAdapters,
} from '@fairway/engines';
import { ToolError } from '@fairway/clients/tool-error';
import {
  ConfigurationError,
  findSecrets,
  loadService,
  loadServiceFile,
  modelStamp,
  sleeps,
  serviceJsonSchema,
  sourceDigest,
  type Hub,
  type Service,
} from '@fairway/service';
import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage } from '@fairway/stage';
import { activatorInputs, clusterInputs, gitopsInputs, meshInputs, weightsInputs } from '@fairway/stage/cluster-inputs';
import { adapterWarnings } from './adapters.ts';
import { addressTaken } from './address.ts';
import type { ClusterAnswer } from './ask-cluster.ts';
import { compressionMissing } from './compression.ts';
import type { Taken } from './address.ts';
import { meshMissing } from './mesh.ts';
import { metricsMissing } from './metrics.ts';
import type { MetricsAnswer } from './metrics.ts';
import { prometheusLoginInputs } from '@fairway/stage/prometheus-inputs';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { registryLoginInputs, signingInputs } from '@fairway/stage/image-inputs';
import { judgeGpu } from './gpu.ts';
import { loadProblem } from './load.ts';
import { othersAtPods } from './of-others.ts';
import { roomMissing } from './room.ts';
import { scalingMissing } from './scaling.ts';
import { secretsReason } from './secrets.ts';
import { coldStartText, preparedSummary } from './summary.ts';
import { isByRepository, tryRepository } from '@fairway/targets/rendering/by-repository';
import { checkPatches } from '@fairway/targets/workload/patches';
import { checkActivator } from '@fairway/targets/workload/activator';
import { checkPuller } from '@fairway/targets/workload/puller';
import { adapterRules } from '@fairway/targets/workload/adapter-rules';
import { checkScaling } from '@fairway/targets/workload/scaler';
import { wafBodyLimit } from '@fairway/service/waf-body-limit';
import { warnings } from './warnings.ts';
import { weightsMissing } from './weights.ts';
import { workloadMissing } from './workload.ts';

export const prepare = defineStage({
  name: 'prepare',
  description:
    'Validates fairway.yaml and resolves what it names: the engine, the model with its revision and licence, and whether it fits the GPU.',
  icon: 'clipboard',
  inputs: {
    'gpu-memory-headroom': {
      type: 'number',
      description:
        'Percent of the GPU memory that must stay free, 0 to 90; default: what the engine leaves with its arguments.',
    },
    hub: {
      type: 'string',
      description: 'Address of the model hub or of a mirror, for models given by reference.',
      default: 'https://huggingface.co',
      environment: 'HF_ENDPOINT',
      keyed: false,
    },
    'waf-body-limit': {
      type: 'number',
      description: 'Largest request body, in bytes, that the firewall in front of the service inspects.',
      default: wafBodyLimit,
    },
    kubeconfig: clusterInputs.kubeconfig,
    context: {
      ...clusterInputs.context,
      required: false,
      keyed: false,
      description:
        'Context of the kubeconfig; before anything is built it is looked up whether the cluster has the mesh and the kind of workload that the service asks for and room for its pods and, with `gateway`, whether its address is taken.',
    },
    gateway: { type: 'string', keyed: false, description: 'Gateway as namespace/name, for the same.' },
    ...activatorInputs,
    ...weightsInputs,
    'istio-revision': { ...meshInputs['istio-revision'], keyed: false },
    registry: {
      type: 'string',
      description:
        'Where `push` will push to: host[:port][/path], without a scheme. Whether it would take the image is tried before anything is built.',
      keyed: false,
    },
    ...registryLoginInputs,
    'signing-key': signingInputs['signing-key'],
    'signing-passphrase': signingInputs['signing-passphrase'],
    'prometheus-url': {
      type: 'string',
      keyed: false,
      description:
        'Address that `monitor` and `release` will ask; before anything is built it is looked up whether it lets this side in.',
    },
    'ruler-url': {
      type: 'string',
      keyed: false,
      description: 'Address at which `monitor` will store rules; for the same.',
    },
    ...prometheusLoginInputs,
    'gitops-token': {
      ...gitopsInputs['gitops-token'],
      description:
        'Token with which `deploy`, `mesh` and `monitor` will write to `apply.repository`; whether it sees the folder is tried before anything is built.',
    },
    'hub-token': {
      type: 'secret',
      description: 'Token for models that are private or ask for consent.',
      environment: 'HF_TOKEN',
      keyed: false,
    },
  },
  outputs: {
    name: { description: 'Name of the service.' },
    namespace: { description: 'Kubernetes namespace of the service.' },
    'source-digest': { description: 'SHA-256 over the paths, permissions and contents of the service folder.' },
    'model-revision': { description: 'Commit of the model on the hub, or SHA-256 over a model in the folder.' },
    engine: { description: 'The inference engine.' },
    license: { description: 'Licence of the model; empty when it is unknown.' },
  },
  connect: (
    inputs,
  ): {
    hub: Hub;
    taken: (service: Service, signal: AbortSignal) => Promise<Taken>;
    mesh: (service: Service, signal: AbortSignal) => Promise<ClusterAnswer>;
    workload: (service: Service, signal: AbortSignal) => Promise<ClusterAnswer>;
    compression: (service: Service, signal: AbortSignal) => Promise<ClusterAnswer>;
    weights: (service: Service, signal: AbortSignal) => Promise<ClusterAnswer>;
    scaling: (service: Service, signal: AbortSignal) => Promise<ClusterAnswer>;
    others: (service: Service, signal: AbortSignal) => Promise<ClusterAnswer>;
    room: (service: Service, signal: AbortSignal) => Promise<ClusterAnswer>;
    metrics: (service: Service, signal: AbortSignal) => Promise<MetricsAnswer>;
  } => ({
    hub: { url: inputs.hub.replace(/\/+$/, ''), fetch: hubFetch, token: inputs['hub-token'] || undefined },
    taken: (service, signal) => addressTaken(inputs, service, signal),
    mesh: (service, signal) => meshMissing(inputs, service, signal),
    workload: (service, signal) => workloadMissing(inputs, service, signal),
    compression: (service, signal) => compressionMissing(inputs, service, signal),
    weights: (service, signal) => weightsMissing(inputs, service, signal),
    scaling: (service, signal) => scalingMissing(inputs, service, signal),
    others: (service, signal) => othersAtPods(inputs, service, signal),
    room: (service, signal) => roomMissing(inputs, service, signal),
    metrics: (service, signal) => metricsMissing(inputs, prometheusLogin(inputs), service, signal),
  }),
  async key(_inputs, context) {
    const { service } = await loadServiceFile(context.folder, context.environment);
    const schema = createHash('sha256').update(JSON.stringify(serviceJsonSchema())).digest('hex');
    const source = await sourceDigest(context.folder, context.signal);
    // a model that .dockerignore leaves out of the image still decides the result; a reference is pinned by the file
    const path = service.model.path;
    const { environment } = context;
    return {
      source,
      schema,
      // whether it fits is said for each
      ...(environment === undefined ? {} : { environment, described: JSON.stringify(service) }),
      ...(path === undefined ? {} : { model: await modelStamp(join(context.folder, path)).catch(absent) }),
    };
  },
  async lost(inputs, _outputs, context) {
    const service = await loadService(context.folder, context.environment);
    // the file is the same, but another service may have come to its address
    if ((await context.clients.taken(service, context.signal)).missing) return 'another service has its address';
    if ((await context.clients.mesh(service, context.signal)).missing) return 'the cluster has no such mesh';
    if ((await context.clients.workload(service, context.signal)).missing)
      return `the cluster does not serve ${service.workload.kind}`;
    if ((await context.clients.weights(service, context.signal)).missing) return 'the cluster has no such model';
    if ((await context.clients.scaling(service, context.signal)).missing)
      return 'the cluster has nothing that scales it';
    if ((await context.clients.others(service, context.signal)).missing)
      return 'an autoscaler of others scales a version of it';
    if ((await context.clients.metrics(service, context.signal)).missing)
      return 'what monitor and release ask would not answer';
    try {
      await tryRegistry(inputs, service.name, context.signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      // `run` tries it again and says why
      return `the registry ${inputs.registry} would not take the image`;
    }
  },
  async run(inputs, context) {
    const headroom = inputs['gpu-memory-headroom'];
    if (headroom !== undefined && !(headroom >= 0 && headroom <= 90)) {
      throw new ConfigurationError(reasonOf('input.headroom', { found: headroom }));
    }
    const file = await loadServiceFile(context.folder, context.environment);
    checkNodes(file);
    checkAdapters(file);
    checkArguments(file);
    checkWeights(file);
    checkPatches(file);
    checkScaling(file);
    checkActivator(file, inputs['activator-image']);
    checkPuller(file, inputs['weights-image']);
    const { service } = file;
    const { maxRequestBytes } = service.access;
    if (maxRequestBytes > inputs['waf-body-limit']) {
      throw new ConfigurationError(
        reasonOf('input.bodyLimit', { bytes: maxRequestBytes, limit: inputs['waf-body-limit'] }),
        file.place('access', 'maxRequestBytes'),
      );
    }
    const source = await sourceDigest(context.folder, context.signal);
    const outputs = {
      name: service.name,
      namespace: service.namespace,
      'source-digest': source,
      engine: service.engine.name,
    };

    if (inputs.registry) context.log.progress(`trying the registry ${inputs.registry}`);
    await tryRegistry(inputs, service.name, context.signal);
    // push asks for a key of a service, with the login that its job has
    if (inputs['signing-key'] && !keyAddress(inputs['signing-key']))
      privateKey(inputs['signing-key'], inputs['signing-passphrase']);

    const { apply } = service;
    const token = inputs['gitops-token'];
    if (apply && isByRepository(apply) && token) {
      context.log.progress(`trying the repository ${apply.repository}`);
      await tryRepository(apply, { token, signal: context.signal });
    }

    context.log.progress('looking for secrets in the source');
    const secrets = await findSecrets(context.folder, context.signal);
    if (secrets.length > 0) {
      for (const secret of secrets.slice(0, 10)) {
        context.log.annotate('error', `This looks like ${secret.kind}.`, {
          ...secret,
          file: join(context.folder, secret.file),
        });
      }
      return { verdict: 'fail', reason: secretsReason(secrets), outputs, evidence: [] };
    }

    const taken = await context.clients.taken(service, context.signal);
    if (taken.missing) return { verdict: 'fail', reason: taken.missing, outputs, evidence: [] };
    if (taken.unknown) context.log.warning(english(taken.unknown));
    if (taken.shared) context.log.annotate('warning', taken.shared, file.place('access', 'chatScope'));

    const mesh = await context.clients.mesh(service, context.signal);
    if (mesh.missing) return { verdict: 'fail', reason: mesh.missing, outputs, evidence: [] };
    if (mesh.unknown) context.log.warning(english(mesh.unknown));

    const workload = await context.clients.workload(service, context.signal);
    if (workload.missing) return { verdict: 'fail', reason: workload.missing, outputs, evidence: [] };
    if (workload.unknown) context.log.warning(english(workload.unknown));

    const unpacks = await context.clients.compression(service, context.signal);
    const stored = file.place('image', 'compression');
    if (unpacks.missing) {
      context.log.annotate('error', english(unpacks.missing), stored);
      return { verdict: 'fail', reason: unpacks.missing, outputs, evidence: [] };
    }
    if (unpacks.unknown) context.log.annotate('warning', english(unpacks.unknown), stored);

    const weights = await context.clients.weights(service, context.signal);
    const from = file.place('model', 'weights');
    if (weights.missing) {
      context.log.annotate('error', english(weights.missing), from);
      return { verdict: 'fail', reason: weights.missing, outputs, evidence: [] };
    }
    if (weights.unknown) context.log.annotate('warning', english(weights.unknown), from);

    const scaling = await context.clients.scaling(service, context.signal);
    const scaled = file.place('scaling');
    if ((scaling.missing ?? scaling.unknown) && service.scaling?.by === 'hpa')
      context.log.info(`The rules of prometheus-adapter are:\n${adapterRules()}`);
    if (scaling.missing) {
      context.log.annotate('error', english(scaling.missing), scaled);
      return { verdict: 'fail', reason: scaling.missing, outputs, evidence: [] };
    }
    if (scaling.unknown) context.log.annotate('warning', english(scaling.unknown), scaled);

    const others = await context.clients.others(service, context.signal);
    if (others.missing) return { verdict: 'fail', reason: others.missing, outputs, evidence: [] };
    if (others.unknown) context.log.warning(english(others.unknown));

    const room = await context.clients.room(service, context.signal);
    if (room.missing) return { verdict: 'fail', reason: room.missing, outputs, evidence: [] };
    if (room.unknown) context.log.annotate('warning', english(room.unknown), file.place('resources'));

    const metrics = await context.clients.metrics(service, context.signal);
    if (metrics.missing) return { verdict: 'fail', reason: metrics.missing, outputs, evidence: [] };
    if (metrics.unknown) context.log.warning(metrics.unknown);

    const load = loadProblem(file);
    if (load) context.log.annotate(load.level === 'fail' ? 'error' : 'warning', english(load.message), load.at);
    if (load?.level === 'fail') return { verdict: 'fail', reason: load.message, outputs, evidence: [] };

    context.log.progress('reading the headers of the model');
    const version = await engineVersion(context.folder, service);
    const bare = engineMemory(service, version, await argumentsElsewhere(file));
    const model = await modelOfService(file, context.clients.hub, bare, context.signal);
    const adapters = await adaptersOfService(file, context.clients.hub);
    const engine = withAdapters(bare, service, model, adapters);
    const gpu = judgeGpu(file, model, engine, headroom);
    for (const warning of [...warnings(file, model, version, context.now()), ...adapterWarnings(file, adapters)])
      context.log.annotate('warning', warning.message, warning.at);
    for (const limitation of engineProfile(service.engine.name).limitations)
      context.log.info(`${service.engine.name}: ${limitation}`);
    if (sleeps(service)) context.log.info(`The service sleeps ${coldStartText(service)}.`);
    if (gpu.verdict !== 'pass') context.log.annotate('error', english(gpu.reason), gpu.at);

    return {
      verdict: gpu.verdict,
      reason: gpu.reason,
      outputs: { ...outputs, 'model-revision': model.revision, license: model.license?.id ?? '' },
      evidence: [
        await context.evidence('service.json', 'application/json', json(service)),
        await context.evidence('model.json', 'application/json', json(model)),
        await context.evidence('gpu-fit.json', 'application/json', json(gpu.evidence)),
      ],
      summary: preparedSummary(service, model, english(gpu.reason)),
    };
  },
});

interface RegistryInputs {
  readonly registry?: string;
  readonly username?: string;
  readonly password?: string;
  readonly 'docker-config'?: string;
}

async function tryRegistry(inputs: RegistryInputs, name: string, signal: AbortSignal): Promise<void> {
  const { registry, username, password } = inputs;
  if (!registry) return;
  const login = { registry, username, password, dockerConfig: inputs['docker-config'] };
  await checkPush((await openRegistry(login, name, signal)).client);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A model that is not there has no stamp; `run` says so with its line. */
function absent(error: unknown): string {
  if (error instanceof ConfigurationError) return 'absent';
  throw error;
}
