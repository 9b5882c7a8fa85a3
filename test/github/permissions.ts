export type Level = 'read' | 'write';

/** What a token may do, by the name of the permission in an answer's header. */
export type Permissions = Readonly<Record<string, Level>>;

/** A token, what it may do and whose it is; default a job's. */
export interface Token {
  readonly permissions: Permissions;
  readonly login?: string;
}

/**
 * What an operation asks of the token of an app, as GitHub says it in the header `X-Accepted-GitHub-Permissions`: one of those between
 * semicolons. The description lacks it.
 * @see https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
export const acceptedPermissions: Readonly<Record<string, string>> = {
  'repos/get': 'metadata=read',
  'git/get-commit': 'contents=read',
  'git/create-commit': 'contents=write',
  'git/create-tree': 'contents=write',
  'git/get-tree': 'contents=read',
  'git/get-blob': 'contents=read',
  'git/get-ref': 'contents=read',
  'git/create-ref': 'contents=write',
  'git/update-ref': 'contents=write',
  'pulls/list': 'pull_requests=read',
  'pulls/get': 'pull_requests=read',
  'pulls/create': 'pull_requests=write',
  'pulls/update': 'pull_requests=write',
  'issues/list-comments': 'issues=read; pull_requests=read',
  'issues/create-comment': 'issues=write; pull_requests=write',
  'issues/update-comment': 'issues=write; pull_requests=write',
  'repos/list-deployments': 'deployments=read',
  'repos/create-deployment': 'deployments=write',
  'repos/list-deployment-statuses': 'deployments=read',
  'repos/create-deployment-status': 'deployments=write',
  'actions/re-run-workflow': 'actions=write',
  'code-scanning/upload-sarif': 'security_events=write',
  'code-scanning/get-sarif': 'security_events=read',
};

/** Whether a token may ask for an operation that accepts these permissions. Each token of an app may read what is known of a repository. */
export function isAccepted(accepted: string, permissions: Permissions): boolean {
  return accepted.split('; ').some(combination =>
    combination.split(',').every(one => {
      const [name = '', level] = one.split('=');
      const has = name === 'metadata' ? 'read' : permissions[name];
      return has === 'write' || (has === 'read' && level === 'read');
    }),
  );
}
