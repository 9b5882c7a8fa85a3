import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ToolError } from '@fairway/clients/tool-error';
import { tokenSource } from '@fairway/clients/identity/index';
import { openInference } from '@fairway/clients/inference/index';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { PlatformState } from '@fairway/platform';
import type { Service } from '@fairway/service';

export interface ServiceAnswer {
  readonly text: string;
  /** Ready pods of the version that answers. */
  readonly pod: string;
  /** A command line that asks again; its token is read from a file, so that it stays off the screen and the shell's history. */
  readonly curl: string;
}

/**
 * Streams one chat completion through the gateway with a token, as a client of the service would.
 * @throws ToolError when the answer does not come whole
 */
export async function askService(service: Service, state: PlatformState, signal: AbortSignal): Promise<ServiceAnswer> {
  const client = state.issuer.clients.user;
  const token = await tokenSource({
    tokenUrl: state.issuer.tokenUrl,
    clientId: client.id,
    clientSecret: (await readFile(client.secretFile, 'utf8')).trim(),
    audience: state.issuer.audience,
    signal,
  }).token(service.access.chatScope);
  const tokenFile = join(dirname(client.secretFile), 'access-token');
  await writeFile(tokenFile, token, { mode: 0o600 });

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
      curl: curlLine(service, state.gateway.url, tokenFile, prompt),
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

function curlLine(service: Service, url: string, tokenFile: string, prompt: string): string {
  const body = JSON.stringify({
    model: service.model.name,
    stream: true,
    max_tokens: 48,
    messages: [{ role: 'user', content: prompt }],
  });
  const host = service.access.hostname ? ` -H 'host: ${service.access.hostname}'` : '';
  return `curl -N ${url}/v1/chat/completions${host} -H "authorization: Bearer $(cat ${tokenFile})" -H 'content-type: application/json' -d '${body}'`;
}
