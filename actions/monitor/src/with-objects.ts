import { stringify } from 'yaml';
import type { Service } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import type { Ruler, StoredGroup } from '@fairway/clients/ruler/index';
import { replaceRulerRules, rulerNamespace } from '@fairway/targets/metrics/ruler-rules';
import type { PutBack } from '@fairway/targets/metrics/ruler-rules';
import { sameRules } from '@fairway/targets/metrics/same-rules';
import { applyByFolder } from '@fairway/targets/rendering/by-folder';
import { dashboardObject } from './dashboard.ts';
import { operatorVersion, ruleObject, scrapeObjects } from './operator-objects.ts';
import { putAllBack, putObjects } from './put.ts';
import { scrapeFile } from './scrape.ts';
import { definitionsOf, loadedRules, seeEngine, seeRules, targetDeadline, until } from './verify.ts';
import { derive, examine } from './derived.ts';
import type { Context, Derived, RunInputs, Watched } from './derived.ts';
import { refused, verified } from './verdicts.ts';

/** A ruler evaluates what it has read once a minute. */
const rulerDeadline = 180_000;

/** By objects of the Prometheus operator, or by a ruler's API and the operator's scrape configuration, where there is an operator. */
export async function withObjects(
  cluster: Cluster,
  server: Prometheus | undefined,
  stored: Ruler | undefined,
  what: Watched,
  inputs: RunInputs,
  context: Context,
) {
  const { service, profile, operator, asked } = what;
  const { apply } = service;
  const scrape = stringify(scrapeFile(service, profile, {}));
  let derived = await examine(await derive(server, what), scrape, inputs.promtool, context);
  if (derived.problem) return refused(reasonOf('stage.ended', { sentence: derived.problem }), derived);
  const undo: PutBack[] = [];
  let former: string | undefined;
  const put = async (made: Derived): Promise<Reason | undefined> => {
    const objects = watchObjects(what, made);
    former = await replacedDefinitions(cluster, server, stored, what, made);
    if (apply) {
      const token = inputs['gitops-token'];
      const unseen = await applyByFolder(cluster, { ...service, apply }, 'monitor', objects, context, { token });
      if (unseen) return unseen;
    } else undo.push(await putObjects(cluster, objects, context.clients.applyObjects));
    if (stored) {
      context.log.progress('storing the rules in the ruler');
      try {
        undo.push(await replaceRulerRules(stored, rulerNamespace(service, what.series), made.groups));
      } catch (error) {
        await putAllBack(undo);
        throw error;
      }
    }
    return undefined;
  };
  const unseen = await put(derived);
  if (unseen) return { verdict: 'inconclusive' as const, reason: unseen, outputs: {}, evidence: derived.evidence };
  // before there was a ServiceMonitor: with both, every pod would be scraped twice
  if (operator) await removeFormer(cluster, service, 'PodMonitor');
  if (!server) {
    return {
      verdict: 'inconclusive' as const,
      reason: listOf('list.then', [
        reasonOf(stored ? 'monitor.rulerUnseen' : 'monitor.objectsUnseen'),
        ...(asked.problem ? [asked.problem] : []),
      ]),
      outputs: {},
      evidence: derived.evidence,
    };
  }
  const look = async () => [
    ...(profile.metricsPath ? await seeEngine(server, service, profile, inputs.revision, operator) : []),
    ...(await seeRules(server, derived.groups, former)),
  ];
  // the operator writes its configuration, and the server reads it, each in their own time
  const deadline = stored ? rulerDeadline : 2 * targetDeadline;
  let missing = await until(look, deadline, context.signal);
  if (missing.length === 0 && !apply) {
    // only a scraped engine tells the bucket edges of its histograms: on a first delivery the rules change once more
    const again = await derive(server, what);
    if (again.rules !== derived.rules) {
      derived = await examine(again, scrape, inputs.promtool, context);
      if (!derived.problem) await put(derived);
      missing = derived.problem ? [derived.problem] : await until(look, deadline, context.signal);
    }
  }
  if (missing.length > 0) {
    const advice = stored
      ? reasonOf('monitor.scraped')
      : (asked.problem ?? reasonOf('monitor.selected', { namespace: service.namespace }));
    const unused = reasonOf(stored ? 'monitor.storedUnused' : 'monitor.appliedUnused', {
      missing: listOf('list.also', missing),
    });
    return refused(listOf('list.then', [unused, advice, ...(apply ? [] : [await putAllBack(undo)])]), derived);
  }
  // the rules of an earlier delivery, which the Prometheus of the cluster would go on to evaluate
  if (stored && operator && !apply) await removeFormer(cluster, service, 'PrometheusRule');
  return verified(server, what, derived, context);
}

/** What Prometheus has loaded of rules that are about to be replaced by others; undefined when they are not. */
async function replacedDefinitions(
  cluster: Cluster,
  server: Prometheus | undefined,
  stored: Ruler | undefined,
  { service, series, asked }: Watched,
  { groups }: Derived,
): Promise<string | undefined> {
  if (!server) return undefined;
  const object = stored ? undefined : await cluster.get(ruleObject(service, groups, asked));
  const before = stored
    ? await stored.groups(rulerNamespace(service, series))
    : (object?.['spec'] as { readonly groups?: readonly StoredGroup[] } | undefined)?.groups;
  const byName = (those: readonly StoredGroup[]) => Object.fromEntries(those.map(group => [group.name, group]));
  if (!before || sameRules(byName(before), byName(groups))) return undefined;
  const names = groups.map(({ name }) => name);
  const loaded = await loadedRules(server, names);
  return loaded && definitionsOf(loaded);
}

async function removeFormer(cluster: Cluster, { name, namespace }: Service, kind: string): Promise<void> {
  const former = { apiVersion: operatorVersion, kind, metadata: { name, namespace } };
  if ((await cluster.serves(operatorVersion, kind)) && (await cluster.get(former))) await cluster.remove(former);
}

/** What is applied where the operator runs. */
export function watchObjects(
  { service, profile, rules, operator, asked }: Watched,
  { groups, dashboard }: Derived,
): readonly KubernetesObject[] {
  if (!operator) return [];
  return [
    ...(rules === 'operator' ? [ruleObject(service, groups, asked)] : []),
    ...scrapeObjects(service, profile, asked),
    dashboardObject(service, dashboard),
  ];
}
