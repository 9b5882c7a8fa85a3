import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Variables that name a repository, of those that `git rev-parse --local-env-vars` lists. A hook runs with them, and they win over the folder.
 * Configuration stays: a pipeline says there whose folders Git trusts.
 */
const naming = [
  ...['GIT_DIR', 'GIT_WORK_TREE', 'GIT_IMPLICIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_INDEX_FILE', 'GIT_PREFIX'],
  ...['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_SHALLOW_FILE', 'GIT_GRAFT_FILE'],
];

/** What Git prints about the repository that the folder is in. @throws where there is none, or no Git */
export async function git(folder: string, ...words: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !naming.includes(name)));
  return (await promisify(execFile)('git', ['-C', folder, ...words], { env })).stdout.trimEnd();
}
