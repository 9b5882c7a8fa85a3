import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import { sharesByPods } from '@fairway/service/release-pods';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { openInference } from '@fairway/clients/inference/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import type { ToolError } from '@fairway/clients/tool-error';
import { reachVersion } from '@fairway/targets/workload/reach';
import type { ReleaseInputs } from './inputs.ts';
import { requestHeaders } from './request-headers.ts';

/** How the requests that a release makes itself get to the candidate. */
export interface Way {
  readonly url: string;
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Whether they get to the version alone: then an error that names no version is its own. */
  readonly direct: boolean;
  /**
   * Whether the version that serves answers a request by the same way, with whatever status, so that the way itself is no reason to wait.
   * @param limit milliseconds for which it is waited for
   */
  passes(limit: number): Promise<boolean>;
  /** What is wrong with the way itself. */
  problem(): ToolError | undefined;
  close(): Promise<void>;
}

/** By the gateway, where a request can name the version; else to its pods. */
export async function openWay(
  cluster: Cluster,
  service: Service,
  inputs: ReleaseInputs,
  stable: string,
  signal: AbortSignal,
): Promise<Way> {
  if (sharesByPods(service)) {
    const proxy = await reachVersion(cluster, service, inputs.revision);
    return { ...proxy, headers: () => Promise.resolve({}), direct: true, passes: () => Promise.resolve(true) };
  }
  if (!inputs.url) throw new ConfigurationError(reasonOf('input.gatewayUrl'));
  const headers = await requestHeaders(service, inputs, signal);
  const endpoint = openInference(inputs.url);
  return {
    url: inputs.url,
    headers: async () => ({ ...(await headers()), [revisionHeader]: inputs.revision }),
    direct: false,
    async passes(limit) {
      const asked = { ...(await headers()), [revisionHeader]: stable };
      const chat = { model: service.model.name, prompt: 'Hello', maxTokens: 1 };
      const answer = await endpoint.streamChat(chat, { headers: asked, timeout: limit, signal });
      return answer.headers[revisionHeader] === stable;
    },
    problem: () => undefined,
    async close() {
      endpoint.close();
    },
  };
}
