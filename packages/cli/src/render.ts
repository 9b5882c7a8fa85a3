import { renderStage } from '@fairway/stage';
import type { GivenInputs, RenderedObject } from '@fairway/stage';
import { renderedBy, writeObjects } from '@fairway/targets/rendering/folder';
import type { RenderedFiles, Renderer } from '@fairway/targets/rendering/folder';
import type { RuntimeFor } from './deliver.ts';
import type { StageLoaders } from './stages.ts';

export interface RenderedService extends RenderedFiles {
  readonly revision: string;
  /** What the files do without, each as a sentence. */
  readonly notes: readonly string[];
}

/**
 * Writes the objects that the stages of a service apply to a folder.
 * @param to the folder; it is empty, not there, or from an earlier rendering
 * @throws ConfigurationError or ToolError of a stage; then nothing was written
 */
export async function renderService(
  given: GivenInputs,
  runtimeFor: RuntimeFor,
  stages: Pick<StageLoaders, Renderer>,
  to: string,
): Promise<RenderedService> {
  const objects = new Map<Renderer, readonly RenderedObject[]>();
  const notes: string[] = [];
  let versions: readonly string[] | undefined;
  let inputs = given;
  for (const name of renderedBy) {
    const rendered = await renderStage(await stages[name](), inputs, runtimeFor(name));
    objects.set(name, rendered.objects);
    notes.push(...rendered.notes);
    versions = rendered.versions ?? versions;
    inputs = { ...inputs, ...rendered.outputs };
  }
  const files = await writeObjects(to, objects, versions);
  return { ...files, revision: String(inputs['revision']), notes };
}
