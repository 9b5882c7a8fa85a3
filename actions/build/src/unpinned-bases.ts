import { fullImageName } from '@fairway/clients/docker/index';
import type { BuiltImage } from '@fairway/clients/docker/index';
import type { BuildPlan } from './plan.ts';

/** What to say of each base that the Dockerfile names by its tag alone, once a build resolved it. An image of the daemon itself has no digest. */
export function unpinnedBases(planned: BuildPlan['bases'], read: BuiltImage['bases']): readonly string[] {
  return planned.flatMap(({ name }) => {
    const digest = name.includes('@') ? undefined : read.find(base => base.name === fullImageName(name))?.digest;
    return digest === undefined
      ? []
      : [
          `${name} is named by its tag, which may be another image tomorrow; this build read ${digest}. Write ${name}@${digest}, and the same source gives the same image.`,
        ];
  });
}
