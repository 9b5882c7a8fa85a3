/** Fairway's label for the version of a service that an object belongs to. */
export const revisionLabel = 'fairway.dev/revision';

/** Header that sends a request to one version, and that names the version in the answer. */
export const revisionHeader = 'x-fairway-revision';

/** Annotation of the deployment whose release ended at all traffic: the delivery that released it. */
export const releasedAnnotation = 'fairway.dev/released-by';

/** Annotation of a released deployment: when, as an ISO time. The newest is the version that users are meant to have. */
export const releasedAtAnnotation = 'fairway.dev/released-at';

/** Annotation of a released deployment that somebody gave all users before its steps had judged it: who, when and at which weight, as JSON. */
export const promotedAnnotation = 'fairway.dev/promoted';

/** Annotation of a deployment that gave pods up for a release: how many it had before. Absent while it has them all. */
export const replicasAnnotation = 'fairway.dev/replicas';

/**
 * Label of the Service of a version that users reach: its latencies count, those of a version under test do not. Where users are divided by
 * pods, its Deployment has it too.
 */
export const usersLabel = 'fairway.dev/users';

/** Label of the pods to which the Service of a version sends requests: `true`, or `false` for one that is to go. */
export const servingLabel = 'fairway.dev/serving';

/** Annotation of the Deployment of a version that has no pods while nobody asks for it. */
export const sleepsAnnotation = 'fairway.dev/sleeps';

/** Container of the engine in a pod. */
export const engineContainer = 'engine';

/** The same in a pod that KServe runs, whose controller puts its own base configuration into a container of this name. */
export const kserveContainer = 'main';

/** Label of the Service to which a gateway of the team sends users: the name of the service. */
export const frontLabel = 'fairway.dev/front';

/** Labels of everything that Fairway writes. */
export const managedLabels: Readonly<Record<string, string>> = { 'app.kubernetes.io/managed-by': 'fairway' };

/** Labels of everything that belongs to a service. */
export function serviceLabels(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name, ...managedLabels };
}

/** Labels of one version's objects; its pods are selected by them. */
export function revisionLabels(name: string, revision: string): Readonly<Record<string, string>> {
  return { ...serviceLabels(name), [revisionLabel]: revision };
}

/** Name of the Deployment, Service and disruption budget of one version. */
export function versionName(name: string, revision: string): string {
  return `${name}-${revision}`;
}

/**
 * The routes of a service: its models differ from the list of models in the rights that they ask for, and a request enters
 * by a third one until its model is known.
 */
export function routeNames(name: string): { readonly entry: string; readonly chat: string; readonly models: string } {
  return { entry: `${name}-entry`, chat: `${name}-chat`, models: `${name}-models` };
}

/** Lease (coordination.k8s.io) of who moves the traffic of a service. */
export function releaseLeaseName(name: string): string {
  return `${name}-release`;
}
