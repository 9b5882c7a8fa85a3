import { loadStage } from '@fairway/cli/stages';
import { runStage } from '@fairway/stage';
import type { GivenInputs, StageName } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';

/** Runs one stage on a folder. @throws what the stage did not expect */
export async function runLoadedStage(name: StageName, folder: string, inputs: GivenInputs) {
  const { entry, fault } = await runStage(await loadStage[name](), inputs, silentRuntime(folder));
  if (fault) throw fault;
  return entry;
}
