import { fullImageName } from '@fairway/clients/docker/index';

/** The repositories of a registry from which an image was built: their layers are there already. By the provenance that `build` wrote. */
export function baseRepositories(statement: string, host: string): readonly string[] {
  const { predicate } = JSON.parse(statement) as {
    predicate: { buildDefinition: { resolvedDependencies: readonly { name?: string }[] } };
  };
  const found = predicate.buildDefinition.resolvedDependencies.flatMap(({ name }) => {
    // these two are no images
    if (name === undefined || name === 'source' || name === 'commit') return [];
    const full = fullImageName(name).replace(/@.*$/, '');
    const [place = '', ...path] = full.split('/');
    return place === host ? [path.join('/').replace(/:[^:/]+$/, '')] : [];
  });
  return [...new Set(found)];
}
