/**
 * Runs before the engine of a pod and gets the model from a registry, where the cluster does not mount images as volumes. It ends with 0 when the
 * model is whole in the folder, and with a paragraph that says what to do when it cannot be.
 * The environment: IMAGE, the image by digest; FOLDER, where it is to lie; LOGINS, a folder with a folder for each pull secret.
 */
import { pullWeights } from './pull.ts';
import { whatToDo } from './what-to-do.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
const { IMAGE: image = '', FOLDER: folder = '', LOGINS: logins } = process.env;

try {
  await pullWeights({
    ...{ image, folder, logins },
    signal: abort.signal,
    say: message => process.stdout.write(`${new Date().toISOString()} ${message}\n`),
  });
} catch (error) {
  process.stderr.write(`${whatToDo(error as Error, image, folder)}\n`);
  process.exitCode = 1;
}
