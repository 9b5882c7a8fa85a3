import { isDeepStrictEqual } from 'node:util';
import { ConfigurationError } from '@fairway/service';
import type { Service, Place, ServiceFile } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { engineContainer, kserveContainer } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { workloadKind } from '@fairway/clients/kubernetes/workload-kinds';
import { strategicMerge } from '@fairway/clients/kubernetes/strategic-merge';

/** Where a patch stands in its file. */
type PlaceOf = (index: number) => Place | undefined;

interface PodSpec {
  readonly containers?: readonly { readonly name: string; readonly image?: string }[];
}

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

interface Spec {
  readonly replicas?: number;
  readonly selector?: unknown;
  /** Of an LLMInferenceService the specification of the pod itself. */
  readonly template?: Template & PodSpec;
  /** Of an LLMInferenceService: of its pods. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a LeaderWorkerSet. */
  readonly leaderWorkerTemplate?: {
    readonly size?: number;
    readonly leaderTemplate?: Template;
    readonly workerTemplate?: Template;
  };
}

/**
 * The objects of a version with the patches of `workload.patches`, in their order.
 * @throws ConfigurationError where a patch cannot be applied or changes what the later stages go by: names, selectors, labels, the number of pods, the image
 */
export function patched(
  service: Service,
  objects: readonly KubernetesObject[],
  placeOf: PlaceOf = () => undefined,
): readonly KubernetesObject[] {
  return objects.map(object =>
    service.workload.patches.reduce<KubernetesObject>((before, patch, index) => {
      if (patch.kind !== object.kind) return before;
      const after = merged(before, patch, index, placeOf);
      const changed = changedByPatch(before, after);
      if (changed) throw wrong(index, reasonOf('patch.changes', { field: changed }), placeOf);
      return after;
    }, object),
  );
}

/**
 * Whether the patches of a service can be applied, before there is a version to apply them to.
 * @throws ConfigurationError with the place of the first that cannot
 */
export function checkPatches({ service, place }: Pick<ServiceFile, 'service' | 'place'>): void {
  const labels = { 'app.kubernetes.io/name': service.name };
  const metadata = { name: service.name, namespace: service.namespace, labels };
  const { kind, nodes } = service.workload;
  const { apiVersion } = workloadKind(kind);
  const containers = [{ name: engineIn(kind), image: '' }];
  const template = { metadata: { labels }, spec: { containers } };
  const others: Readonly<Record<string, object>> = {
    LeaderWorkerSet: { leaderWorkerTemplate: { size: nodes, leaderTemplate: template, workerTemplate: template } },
    LLMInferenceService: { labels, template: { containers } },
  };
  const pods = others[kind] ?? { selector: labels, template };
  const objects = [
    { apiVersion, kind, metadata, spec: { replicas: 1, ...pods } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels } },
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { selector: labels } },
  ];
  patched(service, objects, index => place('workload', 'patches', index));
}

function merged(
  object: KubernetesObject,
  patch: Readonly<Record<string, unknown>>,
  index: number,
  placeOf: PlaceOf,
): KubernetesObject {
  try {
    return strategicMerge(object, patch);
  } catch (error) {
    throw wrong(index, reasonOf('patch.unapplied', { words: (error as Error).message }), placeOf);
  }
}

function wrong(index: number, what: Reason, placeOf: PlaceOf): ConfigurationError {
  return new ConfigurationError(reasonOf('patch.wrong', { index, what }), placeOf(index));
}

function changedByPatch(before: KubernetesObject, after: KubernetesObject): string | undefined {
  const [old, now] = [before, after].map(({ spec = {} }) => spec as Spec) as [Spec, Spec];
  const held: readonly (readonly [string, unknown, unknown])[] = [
    ['apiVersion', before.apiVersion, after.apiVersion],
    ['metadata.name', before.metadata.name, after.metadata.name],
    ['metadata.namespace', before.metadata.namespace, after.metadata.namespace],
    ['metadata.labels', before.metadata.labels, among(before.metadata.labels, after.metadata.labels)],
    ['spec.selector', old.selector, now.selector],
    ['spec.replicas', old.replicas, now.replicas],
    ['spec.labels', old.labels, among(old.labels, now.labels)],
    ['the number of nodes', old.leaderWorkerTemplate?.size, now.leaderWorkerTemplate?.size],
    ...templates(old).flatMap(([path, of], index) => {
      const [, is] = templates(now)[index]!;
      const labels = among(of?.metadata?.labels, is?.metadata?.labels);
      return [
        [`${path}.metadata.labels`, of?.metadata?.labels, labels] as const,
        ['the image of the engine', image(before, of), image(before, is)] as const,
      ];
    }),
  ];
  return held.find(([, one, other]) => !isDeepStrictEqual(one, other))?.[0];
}

/** Those labels of an object that it had before. */
function among(before: Readonly<Record<string, string>> | undefined, after: unknown) {
  const labels = (after ?? {}) as Readonly<Record<string, string>>;
  return before && Object.fromEntries(Object.keys(before).map(name => [name, labels[name]]));
}

/** An LLMInferenceService has the pod where others have its template. */
function templates({ template, leaderWorkerTemplate }: Spec): readonly (readonly [string, Template | undefined])[] {
  return [
    ['spec.template', template?.containers ? { spec: template } : template],
    ['spec.leaderWorkerTemplate.leaderTemplate', leaderWorkerTemplate?.leaderTemplate],
    ['spec.leaderWorkerTemplate.workerTemplate', leaderWorkerTemplate?.workerTemplate],
  ];
}

function image({ kind }: KubernetesObject, template: Template | undefined): string | undefined {
  return template?.spec?.containers?.find(({ name }) => name === engineIn(kind))?.image;
}

function engineIn(kind: string): string {
  return kind === 'LLMInferenceService' ? kserveContainer : engineContainer;
}
