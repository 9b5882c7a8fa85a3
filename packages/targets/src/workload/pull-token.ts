import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import type { Condition } from '@fairway/clients/kubernetes/workload';

const apiVersion = 'external-secrets.io/v1';
const kind = 'ExternalSecret';
const generators = 'generators.external-secrets.io';
const generatorVersion = `${generators}/v1alpha1`;

/** Less than half the life of the shortest token: Google's lasts an hour. */
const refreshInterval = '25m';
/** Milliseconds until the operator must have the first token. */
const firstToken = 60_000;

/** What gets tokens of a registry, and what the name of the image says to it. */
interface Generator {
  readonly kind: 'ECRAuthorizationToken' | 'GCRAccessToken' | 'ACRAccessToken';
  readonly resource: string;
  readonly spec: Readonly<Record<string, string>>;
}

// as the credential providers of the kubelet know their registries: github.com/kubernetes/cloud-provider-aws, cmd/ecr-credential-provider/main.go;
// github.com/kubernetes/cloud-provider-gcp, pkg/gcpcredential/gcpcredential.go; github.com/kubernetes-sigs/cloud-provider-azure, pkg/credentialprovider
const amazon =
  /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/;
const google = /^(?:(?:.+\.)?gcr\.io|.+-docker\.pkg\.dev)$/;
const azure = /^.+\.azurecr\.(io|cn|us)$/;
const azureClouds: Readonly<Record<string, string>> = {
  io: 'PublicCloud',
  cn: 'ChinaCloud',
  us: 'USGovernmentCloud',
};

/** @param place of an image or a repository, as host/path */
function generatorOf(place: string): Generator | undefined {
  const [host = '', first = ''] = place.split('/');
  const region = amazon.exec(host)?.[1];
  if (region) return { kind: 'ECRAuthorizationToken', resource: 'ecrauthorizationtokens', spec: { region } };
  if (google.test(host)) return { kind: 'GCRAccessToken', resource: 'gcraccesstokens', spec: { projectID: first } };
  const cloud = azure.exec(host)?.[1];
  if (!cloud) return undefined;
  const environmentType = azureClouds[cloud]!;
  return { kind: 'ACRAccessToken', resource: 'acraccesstokens', spec: { registry: host, environmentType } };
}

/** The generator of a service with `workload.pullToken`, for an image of a registry that has tokens. */
function asked({ workload }: Service, place: string): Generator | undefined {
  return workload.pullToken && generatorOf(place);
}

/**
 * What renews the token with which nodes pull a version's image, for as long as the version is there: a generator of External Secrets, and the
 * Secret that its operator makes of it. None where the service does not ask for it, and for other registries.
 */
export function pullToken(
  service: Service,
  image: string,
  revision: string,
): { readonly secret: string; readonly objects: readonly KubernetesObject[] } | undefined {
  const generator = asked(service, image);
  if (!generator) return undefined;
  const name = versionName(service.name, revision);
  const metadata = { name, namespace: service.namespace, labels: revisionLabels(service.name, revision) };
  const login =
    '"username":"{{ .username }}","password":"{{ .password }}","auth":"{{ printf "%s:%s" .username .password | b64enc }}"';
  const [host = ''] = image.split('/');
  return {
    secret: name,
    objects: [
      {
        apiVersion: generatorVersion,
        kind: generator.kind,
        metadata,
        spec: { ...generator.spec, ...service.workload.pullToken },
      },
      {
        apiVersion,
        kind,
        metadata,
        spec: {
          refreshInterval,
          target: {
            name,
            template: {
              type: 'kubernetes.io/dockerconfigjson',
              data: { '.dockerconfigjson': `{"auths":{${JSON.stringify(host)}:{${login}}}}` },
            },
          },
          dataFrom: [{ sourceRef: { generatorRef: { apiVersion: generatorVersion, kind: generator.kind, name } } }],
        },
      },
    ],
  };
}

/** Why the cluster cannot renew tokens of the registry, as a paragraph; undefined when it can, and when nobody asks for it. */
export async function missingPullToken(cluster: Cluster, service: Service, place: string): Promise<Reason | undefined> {
  if (!asked(service, place) || (await cluster.serves(apiVersion, kind))) return undefined;
  return reasonOf('missing.pullToken', { context: cluster.context, kind, version: apiVersion });
}

export function pullTokenPermissions(service: Service, image: string): readonly Permission[] {
  const generator = asked(service, image);
  if (!generator) return [];
  const verbs = ['get', 'create', 'patch'] as const;
  return [
    ...permissions(verbs, 'external-secrets.io', ['externalsecrets'], service.namespace),
    ...permissions(verbs, generators, [generator.resource], service.namespace),
  ];
}

interface ExternalSecret extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/**
 * Waits until the operator has made the Secret of a version.
 * @throws ConfigurationError with what the operator says where it cannot
 */
export async function waitForPullToken(
  cluster: Cluster,
  metadata: { readonly namespace: string; readonly name: string },
  watch: { readonly signal: AbortSignal; readonly progress: (message: string) => void },
): Promise<void> {
  const end = Date.now() + firstToken;
  for (;;) {
    const found = await cluster.get<ExternalSecret>({ apiVersion, kind, metadata });
    const ready = found?.status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True') return;
    const said = ready?.message ?? reasonOf('pullToken.silent');
    if (Date.now() > end)
      throw new ConfigurationError(
        reasonOf('pullToken.none', {
          seconds: firstToken / 1000,
          object: `${kind} ${metadata.namespace}/${metadata.name}`,
          said,
        }),
      );
    watch.progress(`waiting for a token to pull the image with: ${english(said)}`);
    await sleep(500, undefined, { signal: watch.signal });
  }
}
