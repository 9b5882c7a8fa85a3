/** By namespace the names of the services that the portal knows, of any cluster. */
export type KnownServices = ReadonlyMap<string, readonly string[]>;

export interface ServiceName {
  readonly service: string | undefined;
  readonly namespace: string | undefined;
}

const revision = /^[0-9a-f]{8}(-|$)/;

type Labels = Readonly<Record<string, string>>;

/** Labels by which kube-state-metrics and others name the object that an alert is about. */
const objects = [
  ...['pod', 'deployment', 'replicaset', 'statefulset', 'daemonset', 'job_name', 'cronjob'],
  ...['horizontalpodautoscaler', 'poddisruptionbudget', 'persistentvolumeclaim', 'endpoint', 'workload'],
];

/**
 * The service that an alert is about. Rules of Fairway name it, with its owner; the label `service` of others is as a rule the Service that
 * was scraped, such as the one of kube-state-metrics, so there only the name of a service in its namespace counts.
 */
export function serviceOfAlert(labels: Labels, known: KnownServices): ServiceName {
  const { service, owner } = labels;
  if (service !== undefined && labels['namespace'] !== undefined && owner !== undefined)
    return { service, namespace: labels['namespace'] };
  // what a scraped target calls by a name that the scrape has too is put behind this prefix
  const namespace = labels['exported_namespace'] ?? labels['namespace'];
  if (namespace === undefined) {
    const everywhere = [...known.values()].some(names => service !== undefined && names.includes(service));
    return { service: everywhere ? service : undefined, namespace };
  }
  const here = known.get(namespace) ?? [];
  const about = objects.flatMap(label => labels[`exported_${label}`] ?? labels[label] ?? []);
  const found = [...about, labels['exported_service'] ?? service ?? []].flat();
  // the longest first: "chat" has no part in what "chat-large" has
  const named = here.toSorted((a, b) => b.length - a.length).find(name => found.some(one => isOf(one, name)));
  // without one a quota, or another thing of the namespace as a whole
  const [only, ...others] = here;
  return { service: named ?? (about.length === 0 && others.length === 0 ? only : undefined), namespace };
}

/** Fairway names the objects of a version after the service and its revision, and Kubernetes their pods after those. */
function isOf(name: string, service: string): boolean {
  return name === service || (name.startsWith(`${service}-`) && revision.test(name.slice(service.length + 1)));
}
