import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { KubeConfig } from '@kubernetes/client-node';
import type { TokenSource } from '../bearer-token.ts';
import { ToolError } from '../tool-error.ts';

const kubeconfigAdvice = reasonOf('kubeconfig.name');

/**
 * Reads kubeconfig files and selects the context that was named: never the current one, which may be anything.
 * @param kubeconfig a path, or several joined as in KUBECONFIG; default `~/.kube/config`
 * @throws ToolError when a file is missing or unreadable and when no file knows the context; the known ones are listed
 */
export function loadKubeconfig(kubeconfig: string | undefined, context: string): KubeConfig {
  const files = (kubeconfig || join(homedir(), '.kube', 'config')).split(delimiter).filter(file => file !== '');
  const present = files.filter(file => existsSync(file));
  const request = reasonOf('request.reading', { what: files.join(', ') });
  if (present.length === 0) {
    throw new ToolError('kubernetes', request, undefined, reasonOf('kubeconfig.none'), kubeconfigAdvice);
  }
  const config = new KubeConfig();
  for (const [index, file] of present.entries()) {
    if (!statSync(file).isFile())
      throw new ToolError(
        'kubernetes',
        reasonOf('request.reading', { what: file }),
        undefined,
        reasonOf('kubeconfig.irregular'),
        kubeconfigAdvice,
      );
    const part = index === 0 ? config : new KubeConfig();
    try {
      part.loadFromFile(file);
    } catch (error) {
      throw new ToolError(
        'kubernetes',
        reasonOf('request.reading', { what: file }),
        undefined,
        // what follows the first line quotes the file, which may hold a token
        (error as Error).message.split('\n', 1)[0] ?? '',
        reasonOf('kubeconfig.other'),
      );
    }
    if (part !== config) mergeInto(config, part);
  }
  if (!config.getContextObject(context)) {
    const known = config.getContexts().map(candidate => candidate.name);
    throw new ToolError(
      'kubernetes',
      reasonOf('kubeconfig.looking', { context, files: present.join(', ') }),
      undefined,
      known.length > 0
        ? reasonOf('kubeconfig.contexts', { contexts: known.join(', ') })
        : reasonOf('kubeconfig.noContexts'),
      reasonOf('kubeconfig.nameContext'),
    );
  }
  config.setCurrentContext(context);
  if (!config.getCurrentCluster()) {
    throw new ToolError(
      'kubernetes',
      reasonOf('kubeconfig.using', { context, files: present.join(', ') }),
      undefined,
      reasonOf('kubeconfig.noCluster'),
    );
  }
  // kubectl goes on without a user, and on plain HTTP; the library needs one to read the authority, and the other said
  const { user } = config.getContextObject(context)!;
  if (!config.getCurrentUser()) config.addUser({ name: user });
  config.clusters = config.clusters.map(cluster =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  return config;
}

/**
 * Adds what only the later file has: "the first file to set a particular value or map key wins"
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
 */
function mergeInto(config: KubeConfig, later: KubeConfig): void {
  for (const cluster of later.clusters) if (!config.getCluster(cluster.name)) config.addCluster(cluster);
  for (const user of later.users) if (!config.getUser(user.name)) config.addUser(user);
  for (const context of later.contexts) if (!config.getContextObject(context.name)) config.addContext(context);
}

export interface TokenLogin {
  readonly url: string;
  /** One that ends is asked for with each request. Without it the address is that of a proxy which signs in itself. */
  readonly token?: string | TokenSource;
  /** The cluster's certificate authority in PEM, base64-encoded as in a kubeconfig; default the system's authorities. */
  readonly caData?: string;
  /** File with them in PEM, in place of caData. */
  readonly caFile?: string;
  /** Whether any certificate will do. */
  readonly skipTLSVerify?: boolean;
}

/** For programs that have an address and a token instead of a kubeconfig. */
export function tokenKubeconfig(name: string, login: TokenLogin): KubeConfig {
  const { url, token, caData, caFile } = login;
  // the library wants to hear of an address without TLS that nothing is verified
  const skipTLSVerify = login.skipTLSVerify ?? url.startsWith('http:');
  const config = new KubeConfig();
  if (typeof token === 'function')
    config.addAuthenticator({
      isAuthProvider: () => true,
      applyAuthentication: async (_user, options) => {
        const bearer = `Bearer ${await token(false)}`;
        options.headers = { ...options.headers, Authorization: bearer } as typeof options.headers;
      },
    });
  config.loadFromOptions({
    clusters: [{ name, server: url.replace(/\/$/, ''), caData, caFile, skipTLSVerify }],
    users: [{ name, ...(typeof token === 'string' ? { token } : {}) }],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  return config;
}

/**
 * The login of the pod that this runs in, by the account that Kubernetes puts into it. Its token is read again as it is renewed.
 * @param root folder that the paths of the account are below; default the file system
 * @throws ToolError outside of a pod
 */
export function podKubeconfig(root = ''): KubeConfig {
  const config = new KubeConfig();
  config.loadFromCluster(root);
  const { caFile = '' } = config.getCurrentCluster() ?? {};
  if (!process.env['KUBERNETES_SERVICE_HOST'] || !existsSync(caFile)) {
    throw new ToolError(
      'kubernetes',
      reasonOf('request.reading', { what: caFile }),
      undefined,
      reasonOf('kubeconfig.noPod'),
      reasonOf('kubeconfig.mountToken'),
    );
  }
  return config;
}
