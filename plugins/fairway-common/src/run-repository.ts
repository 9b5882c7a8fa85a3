/** The repository that a run of GitHub or GitLab delivered from. @public */
export interface RunRepository {
  readonly server: 'github' | 'gitlab';
  /** Address of the repository's page. */
  readonly address: string;
}

/** Where the servers have their pages, as their own links say. */
const pages = {
  github: { commit: 'commit', change: 'pull', folder: 'tree' },
  gitlab: { commit: '-/commit', change: '-/merge_requests', folder: '-/tree' },
} as const;

/**
 * The repository by the address of a run; undefined for a laptop and for what is no such address. Groups of GitLab hold groups,
 * and its own pages stand behind `/-/`.
 * @public
 */
export function runRepository(origin: string): RunRepository | undefined {
  const github = /^(https:\/\/[^/?#]+\/[^/?#]+\/[^/?#]+)\/actions\/runs\/\d+/.exec(origin)?.[1];
  if (github) return { server: 'github', address: github };
  const gitlab = /^(https:\/\/[^/?#]+(?:\/(?!-\/)[^/?#]+){2,})\/-\/pipelines\/\d+/.exec(origin)?.[1];
  return gitlab ? { server: 'gitlab', address: gitlab } : undefined;
}

/** The page of a commit; undefined for what is no whole commit. @public */
export function commitPage({ server, address }: RunRepository, commit: string): string | undefined {
  return /^[0-9a-f]{40,64}$/.test(commit) ? `${address}/${pages[server].commit}/${commit}` : undefined;
}

/** The page of a pull request or merge request. @public */
export function changePage({ server, address }: RunRepository, number: string): string {
  return `${address}/${pages[server].change}/${number}`;
}

/**
 * The page of a folder as it was at a commit.
 * @param folder `.` for the root
 * @public
 */
export function folderPage({ server, address }: RunRepository, commit: string, folder: string): string {
  return `${address}/${pages[server].folder}/${commit}${folder === '.' ? '' : `/${folder}`}`;
}
