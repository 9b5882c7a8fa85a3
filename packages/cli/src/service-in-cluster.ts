import { resolve } from 'node:path';
import { environmentOf } from '@fairway/stage';
import { environmentFile } from './environment-file.ts';
import { namedCluster } from './named-cluster.ts';
import { parse } from './parse.ts';

/**
 * Options of the commands that change what the users of a service get.
 * @param words most arguments that are no options
 */
export function parseForService(argv: readonly string[], words: number) {
  return parse(
    argv,
    {
      context: { type: 'string' },
      kubeconfig: { type: 'string' },
      environment: { type: 'string' },
      revision: { type: 'string' },
      json: { type: 'boolean' },
    },
    words,
  );
}

/**
 * The service of a folder in its environment, and the cluster that it runs in.
 * @param nothing what there is nothing of on a machine whose platform has never been up
 */
export async function serviceInCluster(
  folder: string,
  values: ReturnType<typeof parseForService>['values'],
  nothing: string,
  signal: AbortSignal,
) {
  const given = { environment: values['environment'] as string | undefined };
  const environment = environmentOf(given, { environment: process.env });
  const { service, inputs } = await environmentFile(resolve(folder), environment);
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  return {
    service,
    cluster: await connectCluster({ ...(await namedCluster({ ...inputs, ...values }, nothing)), signal }),
  };
}
