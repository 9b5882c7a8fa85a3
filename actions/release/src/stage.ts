import { loadService, sleeps } from '@fairway/service';
import { freezeAt } from '@fairway/service/freeze';
import { listOf, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage } from '@fairway/stage';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { trustOf } from '@fairway/clients/sigstore/index';
import { endBrokenOff } from '@fairway/targets/gateway/go-back';
import { trafficOf } from '@fairway/targets/traffic';
import { deliveryHolder, holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import { evidenceProblem, missingEvidence } from './evidence-check.ts';
import { releaseInputs } from './inputs.ts';
import { moveTraffic } from './move-traffic.ts';
import { nothingReleased } from './nothing-released.ts';
import { needed } from './permissions.ts';
import { expectedOrigin } from './provenance-check.ts';
import { registryProblem } from './registry-check.ts';

export const release = defineStage({
  name: 'release',
  description:
    'Checks the evidence of an image, moves the traffic to its version step by step, and goes back at the first missed objective.',
  icon: 'send',
  inputs: releaseInputs,
  outputs: {
    revision: { description: 'Version that gets the traffic.' },
    weight: { description: 'Percent of the traffic that it gets.' },
    'promoted-by': {
      description: 'Who gave it all traffic before its steps had judged it; the verdict is then inconclusive.',
    },
  },
  async connect(inputs) {
    const kubernetes = await import('@fairway/clients/kubernetes/index');
    let opened: Promise<Cluster> | undefined;
    return {
      requirePermissions: kubernetes.requirePermissions,
      cluster: (signal: AbortSignal) =>
        (opened ??= kubernetes.connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal })),
    };
  },
  async key(_inputs, context) {
    const { stages, id } = context.record;
    const judged = Object.entries(stages)
      .filter(([name]) => name !== 'release')
      .map(([name, entry]) => [name, entry?.key, entry?.verdict]);
    return { delivery: id, judged: JSON.stringify(judged) };
  },
  async lost(inputs, _outputs, context) {
    const service = await loadService(context.folder, context.environment);
    const cluster = await context.clients.cluster(context.signal);
    if (sleeps(service)) return 'its pods are held until it is released again';
    const weight = (await trafficOf(cluster, service, context.signal).shares()).get(inputs.revision) ?? 0;
    return weight === 100 ? undefined : `the version ${inputs.revision} gets ${weight} % of the traffic`;
  },
  async run(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const freeze = freezeAt(service.release, context.now());
    if (freeze && !inputs['during-freeze'])
      return {
        verdict: 'inconclusive',
        reason: reasonOf('release.frozen', { until: freeze.until.toISOString(), why: freeze.reason }),
        outputs: {},
        evidence: [],
      };
    if (freeze) context.log.warning(`Released in a freeze (${freeze.reason}), as during-freeze asks for.`);
    const evidence = await evidenceProblem(context.folder, context.record, context.evidencePath);
    const missing = [...missingEvidence(context.record, inputs), ...(evidence.problem ? [evidence.problem] : [])];
    if (missing.length > 0)
      return nothingReleased(reasonOf('release.missing', { missing: listOf('list.also', missing) }));
    if (evidence.travelled)
      context.log.info('No evidence is on this machine: the record that travelled is judged by its verdicts.');
    const login = {
      username: inputs['registry-username'],
      password: inputs['registry-password'],
      dockerConfig: inputs['docker-config'],
    };
    const registered = await registryProblem(
      inputs.image,
      login,
      await trustOf(inputs),
      expectedOrigin(service, context),
      context,
    );
    if (registered) return nothingReleased(registered);

    const open = await context.clients.cluster(context.signal);
    await context.clients.requirePermissions(open, needed(service, inputs['guard-image'] !== undefined));
    const holder = deliveryHolder(context.record.id);
    const result = await holdTraffic(open, service, { holder, signal: context.signal }, async hold => {
      const { signal } = hold;
      if (hold.brokenOff) await endBrokenOff(open.withSignal(signal), service, hold, context.log);
      return moveTraffic(service, inputs, { ...hold, holder }, open, { ...context, signal });
    });
    return result instanceof TrafficTaken ? nothingReleased(result.coded) : result;
  },
});
