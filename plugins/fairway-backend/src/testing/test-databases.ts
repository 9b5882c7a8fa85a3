import { type TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { givenReleases, postgresVariable } from './postgres-variable.ts';

/**
 * SQLite, and every PostgreSQL that the environment names, as `npm test` does. Without one the file that calls this shows a
 * test that was skipped, so that nobody takes a run on SQLite alone for the whole.
 */
export function testDatabases(): TestDatabases {
  const releases = givenReleases(process.env);
  if (releases.length === 0) {
    test.skip(`on PostgreSQL: ${postgresVariable(15)} or that of another release is not set`, () => undefined);
  }
  return TestDatabases.create({
    ids: ['SQLITE_3', ...releases.map((release): TestDatabaseId => `POSTGRES_${release}` as TestDatabaseId)],
  });
}
