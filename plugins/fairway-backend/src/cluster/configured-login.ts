import type { RootConfigService } from '@backstage/backend-plugin-api';
import type { AwsCredentials } from '@fairway/clients/aws/sign';
import { tokenOfCommand, tokenOfFile, type TokenSource } from '@fairway/clients/bearer-token';
import type { HttpLogin } from '@fairway/clients/http-login';

type Config = ReturnType<RootConfigService['getConfig']>;

/** Is given each token that no configuration holds, before it is sent: who is asked may repeat it. */
export type LearnSecret = (token: string) => void;

/**
 * What lets the portal in at the Prometheus or the Alertmanager of a cluster, from `prometheusLogin` or `alertmanagerLogin` of its entry.
 * @throws Error that names the cluster for two logins at once
 */
export function configuredLogin(
  of: 'prometheus' | 'alertmanager',
  cluster: string,
  entry: Config,
  learn: LearnSecret,
): HttpLogin {
  const given = entry.getOptionalConfig(`${of}Login`);
  if (!given) return {};
  const text = (name: string) => given.getOptionalString(name);
  const [token, tokenFile, tokenCommand, awsRegion] = ['token', 'tokenFile', 'tokenCommand', 'awsRegion'].map(text);
  const url = URL.parse(entry.getOptionalString(`${of}Url`) ?? '');
  const ways = Object.entries({
    [`${of}Login.token`]: token,
    [`${of}Login.tokenFile`]: tokenFile,
    [`${of}Login.tokenCommand`]: tokenCommand,
    [`${of}Login.awsRegion`]: awsRegion,
    [`a user and a password in ${of}Url`]: url?.username || url?.password,
  }).flatMap(([name, value]) => (value ? [name] : []));
  if (ways.length > 1)
    throw new Error(
      `The cluster "${cluster}" of fairway.clusters in the app-config has ${ways.join(' and ')}. A request has one login: remove all but one.`,
    );
  const tenant = text('tenant');
  const ca = text('ca');
  return {
    ...(token ? { token } : {}),
    ...(tokenFile ? { bearer: learning(tokenOfFile(tokenFile), learn) } : {}),
    ...(tokenCommand ? { bearer: learning(tokenOfCommand(tokenCommand), learn) } : {}),
    ...(awsRegion ? { aws: { region: awsRegion, service: 'aps', credentials: awsCredentials() } } : {}),
    ...(tenant ? { tenant } : {}),
    ...(ca ? { ca } : {}),
  };
}

/** The same tokens, each of them learnt. */
export function learning(source: TokenSource, learn: LearnSecret): TokenSource {
  return async renew => {
    const token = await source(renew);
    learn(token);
    return token;
  };
}

/** As AWS's SDK finds them: environment, web identity or identity of the pod, profile, role of the machine. It renews them itself. */
function awsCredentials(): (renew: boolean) => Promise<AwsCredentials> {
  let chain: ((options?: { forceRefresh?: boolean }) => Promise<AwsCredentials>) | undefined;
  return async renew => {
    // only where a cluster is at AWS
    chain ??= (await import('@aws-sdk/credential-providers')).fromNodeProviderChain();
    return chain(renew ? { forceRefresh: true } : {});
  };
}
