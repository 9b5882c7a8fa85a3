import type { Service } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import { ifAllowed } from '@fairway/clients/if-allowed';
import { ToolError } from '@fairway/clients/tool-error';
import { answeringPrometheus, idOf, labelsFor, nothingAsked } from './operator-selectors.ts';
import type { AskedLabels, Labels, PrometheusObject } from './operator-selectors.ts';
import { operatorVersion } from './operator-objects.ts';

/** The labels that the Prometheus of a service asks for, as its object in the cluster says them. */
export async function askedLabels(
  cluster: Cluster,
  server: Prometheus | undefined,
  service: Service,
): Promise<AskedLabels> {
  if (!(await cluster.serves(operatorVersion, 'Prometheus'))) return nothingAsked;
  const all = await ifAllowed(cluster.list<PrometheusObject>(operatorVersion, 'Prometheus'));
  if (!all)
    return {
      ...nothingAsked,
      problem: reasonOf('monitor.selectorsUnseen'),
    };
  const chosen = answeringPrometheus(all, server && (await externalLabels(server)));
  if (!chosen)
    return all.length === 0
      ? nothingAsked
      : {
          ...nothingAsked,
          problem: reasonOf('monitor.severalPrometheus', { all: all.map(idOf).join(', ') }),
        };
  const { namespace } = service;
  const found = await ifAllowed(cluster.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
  // the API server gives each namespace the label of its name
  const labels = found && { 'kubernetes.io/metadata.name': namespace, ...found.metadata.labels };
  return labelsFor(chosen, service, labels);
}

/** Undefined where it does not say, as stores and the managed ones. */
async function externalLabels(server: Prometheus): Promise<Labels | undefined> {
  try {
    const configuration = (await server.configuration()) as {
      readonly global?: { readonly external_labels?: Labels };
    } | null;
    return configuration?.global?.external_labels;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
