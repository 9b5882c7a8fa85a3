import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { loadServiceFile } from '@fairway/service';
import { scanPolicy } from '@fairway/stage/scan-policy';
import { truncateSummary } from '@fairway/stage/summary';
import { runStep } from '@fairway/stage/step';
import { rescan } from './rescan.ts';
import { writeResults } from './results.ts';
import { readServed } from './served.ts';
import { rescanSummary } from './summary.ts';

await runStep(async signal => {
  const given = (name: string) => core.getInput(name) || undefined;
  const place = given('service') ?? '.';
  const file = await loadServiceFile(
    resolve(process.env['GITHUB_WORKSPACE'] ?? '.', place),
    given('environment') ?? process.env['FAIRWAY_ENVIRONMENT'],
  );
  const { service } = file;
  const served = await readServed(given('served') ?? inTemporary('fairway-served'));
  const { openScanner } = await import('@fairway/clients/scanner/index');
  const mirrors = core.getMultilineInput('database-mirrors');
  const found = await rescan(await openScanner(given('scanner') ?? 'trivy', signal, { mirrors }), served, {
    service,
    policy: await scanPolicy(file, {}),
    database: given('database'),
    now: new Date(),
    signal,
    progress: core.info,
  });
  const results = resolve(given('results') ?? inTemporary('fairway-rescan'));
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
  if (found.verdict === 'pass') core.info(`rescan: pass: ${found.reason}`);
  else core.setFailed(`rescan: ${found.verdict}: ${found.reason}`);
});

function inTemporary(name: string): string {
  return join(process.env['RUNNER_TEMP'] ?? '.', name);
}
