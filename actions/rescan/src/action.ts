import { resolve } from 'node:path';
import * as core from '@actions/core';
import { loadServiceFile } from '@fairway/service';
import { scanPolicy } from '@fairway/stage/scan-policy';
import { truncateSummary } from '@fairway/stage/summary';
import { runStep } from '@fairway/stage/step';
import { keepAlerts } from './alert.ts';
import { rescan } from './rescan.ts';
import { writeResults } from './results.ts';
import { rescanSummary } from './summary.ts';

await runStep(async signal => {
  const given = (name: string) => core.getInput(name) || undefined;
  const place = given('service') ?? '.';
  const password = given('password');
  // the login in an address is a secret, and so the whole of it is
  const managers = core.getMultilineInput('alertmanager-url');
  for (const secret of [password, ...managers]) if (secret) core.setSecret(secret);
  const file = await loadServiceFile(
    resolve(process.env['GITHUB_WORKSPACE'] ?? '.', place),
    given('environment') ?? process.env['FAIRWAY_ENVIRONMENT'],
  );
  const { service } = file;
  const [{ connectCluster }, { openScanner }, { trustOf }] = await Promise.all([
    import('@fairway/clients/kubernetes/index'),
    import('@fairway/clients/scanner/index'),
    import('@fairway/clients/sigstore/index'),
  ]);
  const cluster = await connectCluster({
    kubeconfig: given('kubeconfig') ?? process.env['KUBECONFIG'],
    context: core.getInput('context', { required: true }),
    signal,
  });
  const trust = await trustOf({
    'signer-key': given('signer-key'),
    'signer-repository': given('signer-repository'),
    'trusted-root': given('trusted-root'),
  });
  if (!trust)
    core.warning('No signature was verified: give rescan a signer-key or a signer-repository, as release has it.');
  const mirrors = core.getMultilineInput('database-mirrors');
  const found = await rescan(cluster, await openScanner(given('scanner') ?? 'trivy', signal, { mirrors }), {
    service,
    policy: await scanPolicy(file, {}),
    user: {
      username: given('username'),
      password,
      dockerConfig: given('docker-config') ?? process.env['DOCKER_CONFIG'],
    },
    trust,
    database: given('database'),
    now: new Date(),
    signal,
    progress: core.info,
  });
  const results = resolve(given('results') ?? `${process.env['RUNNER_TEMP'] ?? '.'}/fairway-rescan`);
  const sarif = await writeResults(results, service, place, found);
  const scans = found.images.flatMap(({ scan }) => scan ?? []);
  core.setOutput('verdict', found.verdict);
  core.setOutput('reason', found.reason);
  core.setOutput('digests', found.images.map(({ digest }) => digest).join('\n'));
  core.setOutput(
    'blocking',
    scans.reduce((sum, { judgement }) => sum + judgement.blocking.length, 0),
  );
  core.setOutput(
    'fixable',
    scans.reduce((sum, { judgement }) => sum + judgement.fixable.length, 0),
  );
  core.setOutput('results', results);
  core.setOutput('sarif', sarif ?? '');
  if (process.env['GITHUB_STEP_SUMMARY'])
    await core.summary.addRaw(truncateSummary(rescanSummary(service.name, found, new Date()))).write();
  if (managers.length > 0 && found.images.length > 0) {
    const { alertmanager } = await import('@fairway/clients/alertmanager/index');
    for (const url of managers) {
      const alerted = { ...service, cluster: given('cluster') };
      const { firing, resolved } = await keepAlerts(alertmanager(url, signal), alerted, found.images, new Date());
      core.info(`Alerts: ${firing} firing, ${resolved} resolved.`);
    }
  }
  if (found.verdict === 'pass') core.info(`rescan: pass: ${found.reason}`);
  else core.setFailed(`rescan: ${found.verdict}: ${found.reason}`);
});
