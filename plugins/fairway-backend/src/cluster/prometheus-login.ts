import type { RootConfigService } from '@backstage/backend-plugin-api';
import type { AwsCredentials } from '@fairway/clients/aws/sign';
import { tokenOfCommand, tokenOfFile, type TokenSource } from '@fairway/clients/bearer-token';
import type { PrometheusLogin } from '@fairway/clients/prometheus/index';

type Config = ReturnType<RootConfigService['getConfig']>;

/** Is given each token that no configuration holds, before it is sent: who is asked may repeat it. */
export type LearnSecret = (token: string) => void;

/**
 * What lets the portal in at the Prometheus of a cluster, from `prometheusLogin` of its entry.
 * @throws Error that names the cluster for two logins at once
 */
export function prometheusLogin(cluster: string, entry: Config, learn: LearnSecret): PrometheusLogin {
  const given = entry.getOptionalConfig('prometheusLogin');
  if (!given) return {};
  const text = (name: string) => given.getOptionalString(name);
  const [token, tokenFile, tokenCommand, awsRegion] = ['token', 'tokenFile', 'tokenCommand', 'awsRegion'].map(text);
  const url = URL.parse(entry.getOptionalString('prometheusUrl') ?? '');
  const ways = Object.entries({
    'prometheusLogin.token': token,
    'prometheusLogin.tokenFile': tokenFile,
    'prometheusLogin.tokenCommand': tokenCommand,
    'prometheusLogin.awsRegion': awsRegion,
    'a user and a password in prometheusUrl': url?.username || url?.password,
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

function learning(source: TokenSource, learn: LearnSecret): TokenSource {
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
