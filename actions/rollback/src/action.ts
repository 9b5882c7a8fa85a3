import { resolve } from 'node:path';
import * as core from '@actions/core';
import { loadService } from '@fairway/service';
import { keptSeconds } from '@fairway/service/longest-stream';
import { runStep } from '@fairway/stage/step';
import { rollback } from './rollback.ts';

await runStep(async signal => {
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  const service = await loadService(
    resolve(process.env['GITHUB_WORKSPACE'] ?? '.', core.getInput('service') || '.'),
    core.getInput('environment') || process.env['FAIRWAY_ENVIRONMENT'],
  );
  const cluster = await connectCluster({
    kubeconfig: core.getInput('kubeconfig') || process.env['KUBECONFIG'],
    context: core.getInput('context', { required: true }),
    signal,
  });
  const { revision, from } = await rollback(cluster, service, {
    described: service,
    revision: core.getInput('revision') || undefined,
    signal,
    keep: keptSeconds(service),
    now: () => new Date(),
    progress: core.info,
  });
  core.setOutput('revision', revision);
  core.notice(`${service.name}: ${revision} has all traffic${from.length > 0 ? `, ${from.join(', ')} has none` : ''}.`);
});
