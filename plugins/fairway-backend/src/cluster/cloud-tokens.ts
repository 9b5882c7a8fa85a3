import type { Config } from '@backstage/config';
import { awsClusterToken } from '@fairway/clients/aws/cluster-token';
import { remembered, type TokenSource } from '@fairway/clients/bearer-token';
import { ToolError } from '@fairway/clients/tool-error';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

/** As Backstage's Kubernetes plugin has it. */
const defaultRegion = 'us-east-1';
/** The API server of every AKS cluster, https://learn.microsoft.com/azure/aks/kubelogin-authentication. */
const aksScope = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';
const googleScope = 'https://www.googleapis.com/auth/cloud-platform';

export interface AwsLogin {
  /** What the authenticator of the cluster calls it. */
  readonly clusterId: string;
  readonly accountId?: string;
  readonly assumeRole?: string;
  readonly externalId?: string;
}

/** Tokens of EKS for an identity that `aws` in the app-config or AWS's SDK gives, or for a role that it takes. */
export function awsTokens(cluster: string, login: AwsLogin, config: Config): TokenSource {
  const { clusterId, accountId, assumeRole, externalId } = login;
  const region = process.env['AWS_REGION'] ?? defaultRegion;
  return asked('aws', cluster, reasonOf('token.aws'), async () => {
    const { DefaultAwsCredentialsManager } = await import('@backstage/integration-aws-node');
    const manager = DefaultAwsCredentialsManager.fromConfig(config);
    const found = accountId
      ? manager.getCredentialProvider({ accountId })
      : manager.getCredentialProvider(assumeRole ? { arn: assumeRole } : undefined);
    // who may take a role is under aws by its account, and the portal itself where nothing is there
    const { sdkCredentialProvider: own } = await (accountId
      ? found
      : found.catch(() => manager.getCredentialProvider()));
    if (!assumeRole) return awsClusterToken(clusterId, region, await own(), new Date());
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    const params = { RoleArn: assumeRole, RoleSessionName: 'fairway', ExternalId: externalId };
    const ofRole = fromTemporaryCredentials({ masterCredentials: own, clientConfig: { region }, params });
    return awsClusterToken(clusterId, region, await ofRole(), new Date());
  });
}

/**
 * Tokens of Google for a service account.
 * @param key what its key file has; without one, as Google's library finds the account: file, workload identity, metadata of the machine
 */
export function googleTokens(cluster: string, key: object | undefined): TokenSource {
  return asked('google', cluster, reasonOf('token.google'), async () => {
    const { GoogleAuth } = await import('google-auth-library');
    return new GoogleAuth({ scopes: googleScope, ...(key ? { credentials: key } : {}) }).getAccessToken();
  });
}

/** Tokens of Microsoft for the identity that Azure's library finds: environment, workload identity, managed identity, command line. */
export function azureTokens(cluster: string): TokenSource {
  return asked('azure', cluster, reasonOf('token.azure'), async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return (await new DefaultAzureCredential().getToken(aksScope)).token;
  });
}

/** The libraries are loaded where a cluster is at their cloud, and say in their words what is missing. */
function asked(
  tool: string,
  cluster: string,
  advice: Reason,
  ask: () => Promise<string | null | undefined>,
): TokenSource {
  const request = reasonOf('token.asking', { cluster });
  return remembered(async () => {
    try {
      const token = await ask();
      if (token) return token;
    } catch (error) {
      // Azure's library has a line for each way that it tried, and dozens for some
      const said = (error as Error).message.split('\n').slice(0, 3).join(' ');
      throw new ToolError(tool, request, undefined, said, advice);
    }
    throw new ToolError(tool, request, undefined, reasonOf('token.none'), advice);
  });
}
