import { meshParts } from '@fairway/platform/mesh/parts';
import { openTerminal } from '@fairway/stage/terminal';
import { bringParts } from './bring-parts.ts';
import { builderParts } from './buildkit-daemon.ts';
import { versityPart } from './versity-gateway.ts';
import { workflowTools } from './workflow-tools.ts';

/**
 * Compiles what the tests of real parts and deliveries need beside the platform, where it is not in the user's cache. Of what cannot be had the
 * tests that need it say so.
 */
export async function bringCompiledParts(): Promise<void> {
  const istiod = meshParts.filter(({ name }) => name === 'istiod');
  const { progress } = openTerminal(process.stderr).log('tests');
  await bringParts([], [...builderParts, ...istiod, versityPart, workflowTools.act], progress).catch((error: Error) =>
    process.stderr.write(`${error.stack ?? error.message}\n`),
  );
}
