import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { KubeConfig } from '@kubernetes/client-node';
import { redaction } from '../redacted.ts';
import { ToolError } from '../tool-error.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { describe } from './objects.ts';
import type { KubernetesObject, ObjectReference } from './objects.ts';
import { failure, LoginError } from './failure.ts';
import { readLines, RefusedLines } from './lines.ts';
import type { LineOptions } from './lines.ts';

export interface ConnectOptions {
  /** Path of a kubeconfig, or several joined as in KUBECONFIG; default `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Always named; there is no default. */
  readonly context: string;
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Milliseconds until the request is given up; default 30000. */
  readonly timeout?: number;
}

export interface OpenOptions {
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
  /** Ends the request, and the answer that it has. */
  readonly signal: AbortSignal;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Requests that may be sent again without harm. A server-side apply is one: it states a whole wish. */
const repeatable = new Set(['GET', 'PATCH', 'DELETE']);
const attempts = 4;

/**
 * Opens the cluster of a kubeconfig context and asks for its version, so that an unreachable cluster or a refused login
 * is said before anything else happens.
 * @throws ToolError for an unknown context, an unreachable or unauthorised cluster
 */
export async function connectCluster(options: ConnectOptions): Promise<Cluster> {
  const cluster = new Cluster(loadKubeconfig(options.kubeconfig, options.context), options.context, options.signal);
  await cluster.request('GET', '/version');
  return cluster;
}

/** One cluster through one context. Requests end with the signal it was opened with. */
export class Cluster {
  readonly context: string;
  readonly server: string;
  readonly kubeConfig: KubeConfig;
  readonly #signal: AbortSignal | undefined;
  readonly #resources = new Map<string, Promise<readonly Resource[]>>();
  #kept: https.Agent | undefined;

  constructor(config: KubeConfig, context: string, signal?: AbortSignal) {
    this.kubeConfig = config;
    this.#signal = signal;
    this.context = context;
    this.server = config.getCurrentCluster()?.server.replace(/\/$/, '') ?? '';
  }

  /** The same cluster with requests that end with another signal. */
  withSignal(signal: AbortSignal): Cluster {
    return new Cluster(this.kubeConfig, this.context, signal);
  }

  /** @throws ToolError with the request, the status and what the cluster said */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const body = await this.text(method, path, options);
    return JSON.parse(body) as T;
  }

  /** Waits some milliseconds, at most until the signal that the cluster was opened with. */
  async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#signal });
  }

  /** The raw answer, for logs and proxied endpoints. */
  async text(method: string, path: string, options: RequestOptions = {}): Promise<string> {
    const query = new URLSearchParams(options.query).toString();
    const url = `${this.server}${path}${query ? `?${query}` : ''}`;
    for (let attempt = 1; ; attempt++) {
      let reason: unknown;
      try {
        const answer = await this.#send(method, url, options);
        if (answer.status < 300) return answer.body;
        reason = failure(method, url, this.context, answer.status, answer.body);
        const later = answer.status === 429 || answer.status === 503 || answer.status === 504;
        if (!later || !repeatable.has(method) || attempt === attempts) throw reason;
      } catch (error) {
        // what no request was sent for, such as a token that nobody gives, says what to do itself
        if (error instanceof ToolError || this.#signal?.aborted) throw error;
        if (!repeatable.has(method) || attempt === attempts) throw failure(method, url, this.context, error as Error);
      }
      await this.pause(200 * 2 ** attempt * (0.5 + Math.random()));
    }
  }

  /**
   * The lines of an answer that stays open, such as a watch, until the server ends it.
   * @throws ToolError for a refused request and a lost connection
   */
  async *lines(path: string, query: Readonly<Record<string, string>>, options: LineOptions): AsyncGenerator<string> {
    const url = `${this.server}${path}?${new URLSearchParams(query)}`;
    const request: https.RequestOptions = { method: 'GET', headers: { accept: 'application/json' } };
    try {
      await this.#signIn(request);
      yield* readLines(url, request, options, this.#signal);
    } catch (error) {
      if (error instanceof ToolError || this.#signal?.aborted) throw error;
      const refused = error instanceof RefusedLines;
      throw refused
        ? failure('GET', url, this.context, error.status, withoutLogin(error.body, request))
        : failure('GET', url, this.context, error as Error);
    }
  }

  /**
   * The answer to a request as it comes, on connections that are kept, for what the API server proxies.
   * @throws ToolError when the cluster does not answer; a status of any kind is an answer
   */
  async open(method: string, path: string, options: OpenOptions): Promise<http.IncomingMessage> {
    const url = `${this.server}${path}`;
    const request: https.RequestOptions = { method };
    const send = url.startsWith('https:') ? https.request : http.request;
    try {
      await this.#signIn(request);
      // the library makes an agent for each request
      if (request.agent instanceof https.Agent)
        this.#kept ??= new https.Agent({ ...request.agent.options, keepAlive: true });
      const headers = { ...request.headers, ...options.headers, 'content-length': options.body.length };
      return await new Promise((resolve, reject) => {
        const sent = send(url, { ...request, agent: this.#kept ?? request.agent, headers, signal: options.signal });
        sent.on('response', resolve);
        sent.on('error', reject);
        sent.end(options.body);
      });
    } catch (error) {
      if (error instanceof ToolError) throw error;
      throw failure(method, url, this.context, error as Error);
    }
  }

  /** Undefined when the object, or its kind, is not in the cluster. */
  async get<T extends KubernetesObject = KubernetesObject>(reference: ObjectReference): Promise<T | undefined> {
    try {
      return await this.request<T>('GET', await this.path(reference));
    } catch (error) {
      if (error instanceof ToolError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** @param labels selector, all of which must match; default all objects */
  async list<T extends KubernetesObject = KubernetesObject>(
    apiVersion: string,
    kind: string,
    namespace?: string,
    labels?: Readonly<Record<string, string>>,
  ): Promise<readonly T[]> {
    const selector = Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const found = await this.request<{ items: readonly T[] }>(
      'GET',
      await this.collection(apiVersion, kind, namespace),
      {
        query: selector ? { labelSelector: selector } : {},
      },
    );
    return found.items.map(item => ({ ...item, apiVersion, kind }));
  }

  /** Asks for the deletion; false when the object was not there. Its dependents go in the background. */
  async remove(reference: ObjectReference): Promise<boolean> {
    try {
      await this.text('DELETE', await this.path(reference), {
        body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' },
      });
      return true;
    } catch (error) {
      if (error instanceof ToolError && error.status === 404) return false;
      throw error;
    }
  }

  /** Sets annotations, or removes them with null, without touching anything else of the object, as a manager of its own: applying again keeps them. */
  async annotate(reference: ObjectReference, annotations: Readonly<Record<string, string | null>>): Promise<void> {
    await this.text('PATCH', await this.path(reference), {
      query: { fieldManager: 'fairway-annotations' },
      body: { metadata: { annotations } },
      contentType: 'application/merge-patch+json',
    });
  }

  /** Whether the cluster serves a kind, for optional custom resources. */
  async serves(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.#discover(apiVersion)).some(resource => resource.kind === kind);
  }

  async path(reference: ObjectReference): Promise<string> {
    const collection = await this.collection(reference.apiVersion, reference.kind, reference.metadata.namespace);
    return `${collection}/${encodeURIComponent(reference.metadata.name)}`;
  }

  /** Path of all objects of a kind, in one namespace or in all. */
  async collection(apiVersion: string, kind: string, namespace?: string): Promise<string> {
    const resource = (await this.#discover(apiVersion)).find(candidate => candidate.kind === kind);
    if (!resource) {
      throw new ToolError(
        'kubernetes',
        reasonOf('kubernetes.lookup', { kind, version: apiVersion, context: this.context }),
        404,
        reasonOf('kubernetes.noKind'),
        reasonOf('kubernetes.install'),
      );
    }
    const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return `${root(apiVersion)}${scope}/${resource.name}`;
  }

  #discover(apiVersion: string): Promise<readonly Resource[]> {
    const known = this.#resources.get(apiVersion);
    if (known) return known;
    const asked = this.request<{ resources: readonly Resource[] }>('GET', root(apiVersion)).then(
      list => list.resources.filter(resource => !resource.name.includes('/')),
      (error: unknown) => {
        // a group that is missing now may be installed a moment later
        this.#resources.delete(apiVersion);
        if (error instanceof ToolError && error.status === 404) return [];
        throw error;
      },
    );
    this.#resources.set(apiVersion, asked);
    return asked;
  }

  async #signIn(request: https.RequestOptions): Promise<void> {
    try {
      await this.kubeConfig.applyToHTTPSOptions(request);
    } catch (error) {
      // a token that nobody gives says what to do itself
      if (error instanceof ToolError) throw error;
      const program = this.kubeConfig.getCurrentUser()?.exec as { readonly command?: string } | undefined;
      throw new LoginError(error as Error, program?.command);
    }
  }

  async #send(method: string, url: string, options: RequestOptions): Promise<Answer> {
    const request: https.RequestOptions = { method, headers: { accept: 'application/json, */*' } };
    await this.#signIn(request);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = { ...request.headers } as Record<string, string | number>;
    if (body !== undefined) {
      headers['content-type'] = options.contentType ?? 'application/json';
      headers['content-length'] = Buffer.byteLength(body);
    }
    const timeout = AbortSignal.timeout(options.timeout ?? 30_000);
    const signal = this.#signal ? AbortSignal.any([this.#signal, timeout]) : timeout;
    return new Promise((resolve, reject) => {
      const send = url.startsWith('https:') ? https.request : http.request;
      const sent = send(url, { ...request, headers, signal }, response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0 } = response;
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status, body: status < 300 ? text : withoutLogin(text, request) });
        });
      });
      sent.on('error', error => {
        if (timeout.aborted) reject(new Error(`no answer within ${(options.timeout ?? 30_000) / 1000} s`));
        else reject(this.#signal?.aborted ? this.#signal.reason : error);
      });
      sent.end(body);
    });
  }
}

/** Who is asked may repeat the login, and a kubeconfig, a program or a pod gave it: nobody else knows that it is one. */
function withoutLogin(text: string, { headers, auth }: https.RequestOptions): string {
  const bearer = String((headers as http.OutgoingHttpHeaders)['Authorization'] ?? '').split(' ')[1];
  const basic = auth ? [auth.slice(auth.indexOf(':') + 1), Buffer.from(auth).toString('base64')] : [];
  return [bearer ?? '', ...basic].reduce((rest, login) => (login ? rest.replaceAll(login, redaction) : rest), text);
}

function root(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Deletes what is there, in the order given, and names what was. */
export async function removeObjects(
  cluster: Cluster,
  references: readonly ObjectReference[],
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const reference of references) if (await cluster.remove(reference)) removed.push(describe(reference));
  return removed;
}
