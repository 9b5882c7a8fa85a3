import { ConfigReader, type Config } from '@backstage/config';
import type { TokenLogin } from '@fairway/clients/kubernetes/kubeconfig';
import { awsTokens, azureTokens, googleTokens } from './cloud-tokens.ts';
import { learning, type LearnSecret } from './configured-login.ts';

const methods = 'kubernetes.clusterLocatorMethods';
const read = new Set(['config', 'localKubectlProxy']);
/** Providers of the Kubernetes plugin that pass on what the browser of a user brings. */
const ofUsers = new Set(['aks', 'google', 'oidc']);

/** The clusters that the configuration of Backstage's own Kubernetes plugin names, by its documentation of that. */
export class LocatedClusters {
  readonly #root: Config;
  readonly #clusters: readonly Config[];
  /** Kinds of locators that find their clusters elsewhere. */
  readonly #unread: readonly string[];

  constructor(root: Config) {
    const locators = root.getOptionalConfigArray(methods) ?? [];
    this.#root = root;
    this.#clusters = locators.flatMap(locator => {
      const type = locator.getString('type');
      return type === 'localKubectlProxy' ? [kubectlProxy] : (locator.getOptionalConfigArray('clusters') ?? []);
    });
    this.#unread = [...new Set(locators.map(locator => locator.getString('type')))].filter(type => !read.has(type));
  }

  find(name: string): Config | undefined {
    return this.#clusters.find(cluster => cluster.getOptionalString('name') === name);
  }

  /** Why there is none of a name, as the end of a sentence. */
  get missing(): string {
    const names = this.#clusters.map(cluster => JSON.stringify(cluster.getOptionalString('name') ?? ''));
    const known = `${methods} has no cluster of this name${names.length > 0 ? ` (it has ${names.join(', ')})` : ''}`;
    return this.#unread.length === 0
      ? known
      : `${known}; its locators of type ${this.#unread.join(' and ')} are not read`;
  }

  /** @throws Error that names all of some clusters which only users can sign in to: nobody looks while a cluster is watched */
  checkWatchable(names: readonly string[]): void {
    const wrong = names.flatMap(name => {
      const cluster = this.find(name);
      const provider = cluster && metadataOf(cluster)['kubernetes.io/auth-provider'];
      return provider !== undefined && ofUsers.has(provider) ? [`"${name}" (${provider})`] : [];
    });
    if (wrong.length > 0)
      throw new Error(
        `${methods} in the app-config signs in to ${wrong.join(', ')} with the token of the user who looks, and Fairway watches clusters while nobody looks. Give each of these entries of fairway.clusters a login of its own: url with serviceAccountToken and caData, kubeconfig with context, or inCluster: true.`,
      );
  }

  /**
   * @returns undefined for the account of the pod
   * @throws Error that names the cluster for a provider without a login here
   */
  login(name: string, cluster: Config, learn: LearnSecret): TokenLogin | undefined {
    const metadata = metadataOf(cluster);
    const at = {
      url: cluster.getString('url'),
      caData: cluster.getOptionalString('caData'),
      caFile: cluster.getOptionalString('caFile'),
      skipTLSVerify: cluster.getOptionalBoolean('skipTLSVerify'),
    };
    const provider = metadata['kubernetes.io/auth-provider'];
    switch (provider) {
      case 'serviceAccount': {
        const token = metadata['serviceAccountToken'];
        // without a token the plugin takes the account of its pod, too
        return token === undefined ? undefined : { ...at, token };
      }
      case 'aws': {
        const login = {
          clusterId: metadata['kubernetes.io/x-k8s-aws-id'] ?? name,
          accountId: metadata['kubernetes.io/aws-account-id'],
          assumeRole: metadata['kubernetes.io/aws-assume-role'],
          externalId: metadata['kubernetes.io/aws-external-id'],
        };
        return { ...at, token: learning(awsTokens(name, login, this.#root), learn) };
      }
      case 'googleServiceAccount':
        return { ...at, token: learning(googleTokens(name, this.#googleKey()), learn) };
      case 'azure':
        return { ...at, token: learning(azureTokens(name), learn) };
      case 'localKubectlProxy':
        return at;
      default:
        throw new Error(
          `The cluster "${name}" of ${methods} in the app-config has ${provider === undefined ? 'no authProvider' : `the authProvider "${provider}"`}, and Fairway signs in by serviceAccount, aws, googleServiceAccount, azure and localKubectlProxy. Set one of them, or give kubeconfig, url or inCluster in its entry of fairway.clusters.`,
        );
    }
  }

  #googleKey(): object | undefined {
    const key = 'kubernetes.googleServiceAccountCredentials';
    const text = this.#root.getOptionalString(key);
    if (text === undefined) return undefined;
    try {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed === 'object' && parsed !== null) return parsed;
    } catch {
      // what it says of the text may have a part of it
    }
    throw new Error(`${key} in the app-config is no JSON object. Give the whole key file of a service account.`);
  }
}

/** What the locator of this type stands for. */
const kubectlProxy = new ConfigReader({
  ...{ name: 'local', url: 'http://localhost:8001', authProvider: 'localKubectlProxy' },
});

/** As the plugin reads them: the fields of a cluster have names in `authMetadata` too, which wins. */
function metadataOf(cluster: Config): { readonly [name: string]: string | undefined } {
  return {
    'kubernetes.io/auth-provider': cluster.getOptionalString('authProvider'),
    'kubernetes.io/aws-assume-role': cluster.getOptionalString('assumeRole'),
    'kubernetes.io/aws-external-id': cluster.getOptionalString('externalId'),
    serviceAccountToken: cluster.getOptionalString('serviceAccountToken'),
    ...cluster.getOptional<{ [name: string]: string }>('authMetadata'),
  };
}
