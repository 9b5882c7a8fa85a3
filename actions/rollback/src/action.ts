import { resolve } from 'node:path';
import * as core from '@actions/core';
import { loadService } from '@fairway/service';
import { keptSeconds } from '@fairway/service/longest-stream';
import { rollback } from './rollback.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
try {
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  const service = await loadService(resolve(process.env['GITHUB_WORKSPACE'] ?? '.', core.getInput('service') || '.'));
  const cluster = await connectCluster({
    kubeconfig: core.getInput('kubeconfig') || process.env['KUBECONFIG'],
    context: core.getInput('context', { required: true }),
    signal: abort.signal,
  });
  const { revision, from } = await rollback(cluster, service, {
    described: service,
    revision: core.getInput('revision') || undefined,
    signal: abort.signal,
    keep: keptSeconds(service),
    now: () => new Date(),
    progress: core.info,
  });
  core.setOutput('revision', revision);
  core.notice(`${service.name}: ${revision} has all traffic${from.length > 0 ? `, ${from.join(', ')} has none` : ''}.`);
} catch (error) {
  const known = error instanceof Error && (error.name === 'ConfigurationError' || error.name === 'ToolError');
  core.setFailed(known ? error.message : ((error as Partial<Error>).stack ?? String(error)));
}
