/**
 * Gives the gateway the certificate that this pod has in the mesh. The agent beside it (OUTPUT_CERTS) gets one by the pod's service account
 * and renews it; this program puts each into a Secret, which the gateway's Envoy takes up without a restart.
 * The environment: CERTIFICATES, the folder of the agent's files; SECRET, namespace/name of the Secret.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { connectInCluster } from '@fairway/clients/kubernetes/in-cluster';
import { readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
const folder = process.env['CERTIFICATES'] ?? '';
const [namespace, name = ''] = (process.env['SECRET'] ?? '').split('/');
const cluster = connectInCluster(abort.signal);

async function give({ key, chain, roots }: Certificate): Promise<void> {
  const data = Object.fromEntries(
    Object.entries({ 'tls.key': key, 'tls.crt': chain, 'ca.crt': roots }).map(([file, text]) => [
      file,
      Buffer.from(text).toString('base64'),
    ]),
  );
  const labels = { 'app.kubernetes.io/managed-by': 'fairway' };
  await applyObjects(cluster, [
    { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name, labels }, type: 'kubernetes.io/tls', data },
  ]);
}

for (let given: string | undefined; !abort.signal.aborted;) {
  const certificate = await readCertificate(folder);
  if (certificate && certificate.chain !== given) {
    // an error ends the program, and the kubelet starts it again: most of a certificate's time is left by then
    await give(certificate);
    given = certificate.chain;
    process.stdout.write(
      `${new Date().toISOString()} The gateway has a certificate until ${certificate.ends.toISOString()}.\n`,
    );
  }
  await sleep(1000, undefined, { signal: abort.signal }).catch(() => undefined);
}
