export type { GithubAccess } from './access.ts';
export { beginDeployment } from './deployment.ts';
export type { DeploymentRequest, GithubDeployment } from './deployment.ts';
export { findPullRequest, keepComment } from './pull-request.ts';
export { keepProposal } from './proposal.ts';
export type { Proposal } from './proposal.ts';
export { changeFolder, proposalState, readFolder } from './repository-folder.ts';
export type { BroughtChange, FolderChange, RepositoryFolder } from './repository-folder.ts';
export { runToken } from './run-token.ts';
