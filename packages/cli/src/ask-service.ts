import { ToolError } from '@fairway/clients/tool-error';
import { openInference } from '@fairway/clients/inference/index';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { PlatformState } from '@fairway/platform';
import type { Service } from '@fairway/service';
import { openAiUrl, userToken } from './token-command.ts';

export interface ServiceAnswer {
  readonly text: string;
  /** Ready pods of the version that answers. */
  readonly pod: string;
  /** A command line that asks again; it fetches a token of its own, which stays off the screen and the shell's history. */
  readonly curl: string;
}

/**
 * Streams one chat completion through the gateway with a token, as a client of the service would.
 * @throws ToolError when the answer does not come whole
 */
export async function askService(service: Service, state: PlatformState, signal: AbortSignal): Promise<ServiceAnswer> {
  const token = await userToken(state, signal);
  const prompt = 'Say hello.';
  const endpoint = openInference(state.gateway.url);
  try {
    const answer = await endpoint.streamChat(
      { model: service.model.name, prompt, maxTokens: 48 },
      { headers: { authorization: `Bearer ${token}`, ...hostHeader(service) }, signal },
    );
    if (answer.error) {
      throw new ToolError(
        'gateway',
        `POST ${state.gateway.url}/v1/chat/completions`,
        answer.status,
        `${answer.error.kind}: ${answer.error.detail}`,
      );
    }
    return {
      text: answer.text,
      pod: (await readyPods(service, state)).join(', '),
      curl: curlLine(service, openAiUrl(state), prompt),
    };
  } finally {
    endpoint.close();
  }
}

function hostHeader(service: Service): Record<string, string> {
  return service.access.hostname ? { host: service.access.hostname } : {};
}

async function readyPods(service: Service, state: PlatformState): Promise<string[]> {
  const cluster = await connectCluster(state.kubernetes);
  const pods = await cluster.list('v1', 'Pod', service.namespace, { 'app.kubernetes.io/name': service.name });
  return pods.map(pod => pod.metadata.name);
}

function curlLine(service: Service, url: string, prompt: string): string {
  const body = JSON.stringify({
    model: service.model.name,
    stream: true,
    max_tokens: 48,
    messages: [{ role: 'user', content: prompt }],
  });
  const host = service.access.hostname ? ` -H 'host: ${service.access.hostname}'` : '';
  return `curl -N ${url}/chat/completions${host} -H "authorization: Bearer $(bin/fairway token)" -H 'content-type: application/json' -d '${body}'`;
}
