import { resolve } from 'node:path';
import * as core from '@actions/core';
import { loadService } from '@fairway/service';
import { runStep } from '@fairway/stage/step';
import { keepAlerts } from './alert.ts';
import { readScanned } from './results.ts';

await runStep(async signal => {
  const given = (name: string) => core.getInput(name) || undefined;
  // the login in an address is a secret, and so the whole of it is
  const managers = core.getMultilineInput('alertmanager-url');
  for (const secret of managers) core.setSecret(secret);
  const service = await loadService(
    resolve(process.env['GITHUB_WORKSPACE'] ?? '.', given('service') ?? '.'),
    given('environment') ?? process.env['FAIRWAY_ENVIRONMENT'],
  );
  const images = await readScanned(core.getInput('results', { required: true }));
  if (managers.length === 0 || images.length === 0) {
    core.info(managers.length === 0 ? 'No Alertmanager is named: no alert is raised.' : 'Nothing has users.');
    return;
  }
  const { alertmanager } = await import('@fairway/clients/alertmanager/index');
  for (const url of managers) {
    const alerted = { ...service, cluster: given('cluster') };
    const { firing, resolved } = await keepAlerts(alertmanager(url, signal), alerted, images, new Date());
    core.info(`Alerts: ${firing} firing, ${resolved} resolved.`);
  }
});
