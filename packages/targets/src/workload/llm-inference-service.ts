import type { Service } from '@fairway/service';
import { kserveContainer } from '@fairway/clients/kubernetes/names';
import type { PodTemplate } from './objects.ts';
import { downloads } from './weights.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Probe extends Fields {
  readonly httpGet: { readonly path: string; readonly port: string | number };
}

interface EngineContainer extends Fields {
  readonly image: string;
  readonly env: readonly Fields[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Fields;
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly volumeMounts: readonly Fields[];
}

interface PodSpec extends Fields {
  readonly containers: readonly [EngineContainer];
  readonly volumes: readonly Fields[];
}

/** Folder of an image that holds the model. */
const modelsInImage = '/models';

/**
 * What an LLMInferenceService says beside its replicas. There is no router, since the route to the versions is Fairway's. The controller merges the pod
 * over a base configuration, `kserve-config-llm-template` of KServe 0.20, which starts a vLLM of its own in the container `main`: what that has and
 * the pod has not stays, and nothing in it can be removed.
 */
export function llmInferenceService(service: Service, { metadata, spec }: PodTemplate): Fields {
  const {
    containers: [container],
    volumes,
    ...pod
  } = spec as PodSpec;
  const { image } = container;
  // an empty folder of the base lies over the one of the image, and this over that
  const inImage = service.model.weights
    ? { volumes: [], mounts: [] }
    : {
        volumes: [{ name: 'model', image: { reference: image, pullPolicy: 'IfNotPresent' } }],
        mounts: [{ name: 'model', mountPath: modelsInImage, readOnly: true, subPath: modelsInImage.slice(1) }],
      };
  return {
    model: { uri: modelUri(service, image), name: service.model.name },
    // pods get the model as `model.weights` says
    storageInitializer: { enabled: false },
    labels: metadata.labels,
    annotations: metadata.annotations,
    template: literal({
      ...pod,
      containers: [overBase(service, container, inImage.mounts)],
      volumes: [...volumes, ...inImage.volumes],
    }),
  };
}

/** The container such that it has one handler for each probe, and each value that the base would change. */
function overBase({ model }: Service, container: EngineContainer, mounts: readonly Fields[]): Fields {
  const { env, startupProbe, readinessProbe, livenessProbe, lifecycle, volumeMounts } = container;
  // the base asks by HTTPS where KServe's TLS is on
  const health = { httpGet: { ...readinessProbe.httpGet, scheme: 'HTTP' } };
  return {
    ...container,
    name: kserveContainer,
    env: [...env, { name: 'HF_HUB_CACHE', value: `${model.weights?.from === 'hub' ? downloads : '/tmp'}/hub` }],
    startupProbe: { ...startupProbe, ...health },
    readinessProbe: { ...readinessProbe, ...health },
    // in place of a connection only: an engine that is busy may answer late
    livenessProbe: { ...livenessProbe, tcpSocket: undefined, ...health, timeoutSeconds: 30 },
    lifecycle: { preStop: { exec: { command: ['sleep', String(lifecycle.preStop.sleep.seconds)] } } },
    volumeMounts: [...volumeMounts, ...mounts],
  };
}

/** Where pods get the model from, in the schemes of KServe. */
function modelUri({ model: { weights, reference = '' } }: Service, image: string): string {
  switch (weights?.from) {
    case 'volume':
      return `pvc://${[weights.claim, weights.folder].filter(Boolean).join('/')}`;
    case 'bucket':
      return weights.bucket ?? '';
    case 'hub':
      return reference;
    default:
      return `oci://${weights?.image ?? image}`;
  }
}

/** The same text after the controller has read it as a template of Go, as it reads all of the object. */
function literal(value: Fields): Fields {
  return JSON.parse(JSON.stringify(value).replaceAll('{{', '{{`{{`}}')) as Fields;
}
