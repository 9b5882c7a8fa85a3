import { loadStage } from '@fairway/cli/stages';
import { runStage } from '@fairway/stage';
import type { GivenInputs, StageName } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';

/** Runs one stage on a folder. @throws what the stage did not expect */
export async function runLoadedStage(
  name: StageName,
  folder: string,
  inputs: GivenInputs,
  progress: (message: string) => void = () => undefined,
) {
  const silent = silentRuntime(folder);
  const runtime = { ...silent, log: { ...silent.log, progress } };
  const { entry, fault } = await runStage(await loadStage[name](), inputs, runtime);
  if (fault) throw fault;
  return entry;
}
