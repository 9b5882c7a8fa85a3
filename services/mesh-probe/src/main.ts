/**
 * Tries to reach a version of a service from a pod that is not its gateway, and prints what came of it as one line of JSON.
 * The environment: HOST and PORT of the version; POD, the address of one of its pods, whose engine has the same port; CERTIFICATES, the folder in which the agent of the mesh writes this pod's own certificate
 * (OUTPUT_CERTS). With ASK=plain in their place a request in plain text is tried, in a mesh that encrypts on the nodes; with none of these only whether there is a connection at all. GATEWAY, the gateway's identity in the mesh.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, reach } from './attempt.ts';
import { foreignCertificate } from './foreign-certificate.ts';

const { HOST: host = '', PORT, POD: pod = '', CERTIFICATES: folder, GATEWAY: gateway = '', ASK: ask } = process.env;
const to = { host, port: Number(PORT) };

async function own(folder: string): Promise<{ readonly key: string; readonly chain: string }> {
  for (let left = 60; ; left--) {
    try {
      const [key, chain] = await Promise.all(
        ['key.pem', 'cert-chain.pem'].map(name => readFile(join(folder, name), 'utf8')),
      );
      return { key: key!, chain: chain! };
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
}

/** A NetworkPolicy that lets this pod through may take a moment. */
async function waitForConnection(): Promise<void> {
  for (let left = 30; left > 0 && !(await reach(to)).connected; left--) await sleep(1000);
}

if (folder || ask) await waitForConnection();
const outcome = folder
  ? {
      engine: await reach({ ...to, host: pod }),
      plain: await attempt(to),
      withoutCertificate: await attempt({ ...to, tls: {} }),
      foreign: await attempt({ ...to, tls: await foreignCertificate(`spiffe://${gateway}`) }),
      stranger: await attempt({ ...to, tls: await own(folder) }),
    }
  : ask
    ? await attempt(to)
    : await reach(to);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
