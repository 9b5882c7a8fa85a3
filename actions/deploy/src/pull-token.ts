// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html,
// https://cloud.google.com/artifact-registry/docs/docker/authentication#token,
// https://learn.microsoft.com/azure/container-registry/container-registry-authentication#az-acr-login-with---expose-token
const lifetimes: Readonly<Record<string, string>> = {
  AWS: 'after 12 hours, and nodes of EKS pull without one, by their own role',
  oauth2accesstoken: 'after an hour, and nodes of GKE pull without one, by their own service account',
  '00000000-0000-0000-0000-000000000000':
    'after three hours, and nodes of AKS pull without one, once the registry is attached to the cluster',
};

/**
 * What is wrong with credentials for nodes that end while the version serves: a pod that starts later, on another node, could not pull. Undefined for
 * those that are not known to end.
 */
export function endingPullToken(username: string, password: string): string | undefined {
  const ends = password.startsWith('ghs_') ? 'with the job of GitHub that it was made for' : lifetimes[username];
  if (ends === undefined) return undefined;
  return `The registry-password with which nodes pull the image is a token that ends ${ends}. A pod that starts after that cannot pull. Give no registry-username where nodes may pull; where they may not, have the token renewed by workload.pullToken, or name a secret that somebody renews by workload.pullSecrets.`;
}
