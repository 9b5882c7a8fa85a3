import { fullImageName } from '@fairway/clients/docker/index';
import type { BuiltImage } from '@fairway/clients/docker/index';
import type { BuildPlan } from './plan.ts';

/** The image on whose layers the built one stands, with its digest in the registry. An image of the daemon itself has none, so it is left out. */
export function registryBase(planned: BuildPlan['bases'], read: BuiltImage['bases']): string | undefined {
  const name = planned.find(({ below }) => below)?.name;
  if (name === undefined || name.includes('@')) return name;
  const digest = read.find(base => base.name === fullImageName(name))?.digest;
  if (digest === undefined) return undefined;
  return `${/:[^/]*$/.test(name) ? name : `${name}:latest`}@${digest}`;
}
