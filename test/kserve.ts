import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@fairway/clients/docker/free-port';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { definitionsOf } from './bare-api-server.ts';
import type { BareApiServer } from './bare-api-server.ts';
import { startProgram, until } from './controllers.ts';
import { kserveBase, kserveController, kserveDefinitions } from './upstream-parts.ts';
import { applyConverted, applyWebhooks, atPort, giveCertificate } from './webhooks.ts';

/** Where the controller looks for its configuration. */
const namespace = 'kserve';

/**
 * The controller of LLMInferenceServices with the configuration and the webhooks of its project, without a base configuration.
 * @param folder of the API server, which has made itself a certificate for the loopback
 */
export async function startKServe(
  parts: ReadonlyMap<string, string>,
  folder: string,
  { cluster, kubeconfig }: BareApiServer,
): Promise<{ stop(): Promise<void> }> {
  const part = parts.get(kserveController.name)!;
  const port = await freePort();
  const certificate = await readFile(join(folder, 'apiserver.crt'));
  const clientConfig = { url: `https://127.0.0.1:${port}/convert`, caBundle: certificate.toString('base64') };
  const definitions = [...(await definitionsOf(parts.get(kserveDefinitions.name)!)), ...(await definitionsOf(part))];
  await applyConverted(cluster, definitions, clientConfig);
  await applyObjects(cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...(await objectsOf(join(part, 'configuration.yaml'))),
  ]);
  // where its library for webhooks looks for certificates
  await giveCertificate(folder, join(folder, 'k8s-webhook-server/serving-certs'));
  const program = startProgram(
    folder,
    join(part, kserveController.name),
    [`--kubeconfig=${kubeconfig}`, `--webhook-port=${port}`, '--metrics-addr=0', '--health-probe-addr=0'],
    { TMPDIR: folder, POD_NAMESPACE: namespace },
  );
  await applyWebhooks(cluster, join(part, 'webhooks.yaml'), name => name, atPort(port, certificate));
  await until('KServe', () => listens(port));
  return program;
}

/** Lets KServe have its base configuration for models on one node. */
export async function applyKServeBase(parts: ReadonlyMap<string, string>, { cluster }: BareApiServer): Promise<void> {
  await applyObjects(cluster, await objectsOf(join(parts.get(kserveBase.name)!, 'config-llm-template.yaml')));
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}

async function objectsOf(file: string): Promise<readonly KubernetesObject[]> {
  const found = parseManifest(await readFile(file, 'utf8'), file);
  return found.map(one => ({ ...one, metadata: { ...one.metadata, namespace } }));
}
