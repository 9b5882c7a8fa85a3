import { loadStage } from '@fairway/cli/stages';
import { runStage } from '@fairway/stage';
import type { GivenInputs, StageName } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';

/**
 * Runs one stage on a folder.
 * @param warnings gets what the stage warns of
 * @throws what the stage did not expect
 */
export async function runLoadedStage(
  name: StageName,
  folder: string,
  inputs: GivenInputs,
  progress: (message: string) => void = () => undefined,
  warnings: string[] = [],
) {
  const silent = silentRuntime(folder);
  const runtime = { ...silent, log: { ...silent.log, progress, warning: (said: string) => void warnings.push(said) } };
  const { entry, fault } = await runStage(await loadStage[name](), inputs, runtime);
  if (fault) throw fault;
  return entry;
}
