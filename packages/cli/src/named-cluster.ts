import { readState } from '@fairway/platform';
import { ConfigurationError } from '@fairway/service';

/**
 * The cluster that was named, or the one of the local platform.
 * @param nothing what there is nothing of on a machine whose platform has never been up
 */
export async function namedCluster(values: Readonly<Record<string, unknown>>, nothing: string) {
  const kubeconfig = (values['kubeconfig'] as string | undefined) ?? process.env['KUBECONFIG'];
  if (values['context']) return { kubeconfig, context: values['context'] as string };
  const state = await readState();
  if (!state)
    throw new ConfigurationError(
      `The local platform has never been up, so there is ${nothing}. Name a cluster with --context, or run fairway start.`,
    );
  return state.kubernetes;
}
