import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { loadService } from '@fairway/service';
import { runStep } from '@fairway/stage/step';
import { listServed } from './list-served.ts';
import { loginFor } from './login.ts';

await runStep(async signal => {
  const given = (name: string) => core.getInput(name) || undefined;
  const [password, token] = [given('password'), given('token')];
  for (const secret of [password, token]) if (secret) core.setSecret(secret);
  const service = await loadService(
    resolve(process.env['GITHUB_WORKSPACE'] ?? '.', given('service') ?? '.'),
    given('environment') ?? process.env['FAIRWAY_ENVIRONMENT'],
  );
  const [{ connectCluster }, { trustOf }] = await Promise.all([
    import('@fairway/clients/kubernetes/index'),
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
    core.warning('No signature was verified: give list-served a signer-key or a signer-repository, as release has it.');
  const user = {
    username: given('username'),
    password,
    dockerConfig: given('docker-config') ?? process.env['DOCKER_CONFIG'],
  };
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_ACTOR: actor = '' } = process.env;
  const served = await listServed(cluster, {
    service,
    login: image => loginFor(image, user, token === undefined ? undefined : { server, actor, token }),
    trust,
    signal,
    progress: core.info,
  });
  const folder = resolve(given('served') ?? `${process.env['RUNNER_TEMP'] ?? '.'}/fairway-served`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'served.json'), JSON.stringify(served));
  core.setOutput('served', folder);
  core.setOutput('images', served.images.map(({ image }) => image).join('\n'));
  core.info(`list-served: ${served.images.length} images answer users of ${service.name}.`);
});
