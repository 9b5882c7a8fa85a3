/** Releases of PostgreSQL that Backstage's test utilities know by a number of their own. */
export const postgresReleases: readonly number[] = [18, 17, 16, 15, 14, 13];

/** Where Backstage's test utilities look for a PostgreSQL of this release: the variable holds its connection string. */
export function postgresVariable(release: number): string {
  return `BACKSTAGE_TEST_DATABASE_POSTGRES${release}_CONNECTION_STRING`;
}

/** The releases that the environment has a database of. */
export function givenReleases(environment: NodeJS.ProcessEnv): readonly number[] {
  return postgresReleases.filter(release => environment[postgresVariable(release)]);
}
