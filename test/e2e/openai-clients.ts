import { lookup } from 'node:dns';
import { ChatOpenAI } from '@langchain/openai';
import OpenAI from 'openai';
import { Agent, fetch as send } from 'undici';
import { platform } from './platform.ts';

/** Brings the requests for `hostname` to the gateway, as the name system of a cluster's users would. */
function fetchFor(hostname: string): typeof fetch {
  const gateway = new URL(platform.gateway.url).hostname;
  const dispatcher = new Agent({
    connect: {
      lookup: (name, options, answer) => lookup(name === hostname ? gateway : name, options, answer),
    },
  });
  return ((address: string, init: object) => send(address, { ...init, dispatcher })) as unknown as typeof fetch;
}

function baseUrl(hostname: string): string {
  return `http://${hostname}:${new URL(platform.gateway.url).port}/v1`;
}

/** The client that OpenAI publishes, with a token as its key. Errors are not tried again: the tests look at them. */
export function openAi(hostname: string, token: string): OpenAI {
  return new OpenAI({ baseURL: baseUrl(hostname), apiKey: token, fetch: fetchFor(hostname), maxRetries: 0 });
}

/** LangChain's client. */
export function langChain(hostname: string, token: string, model: string): ChatOpenAI {
  return new ChatOpenAI({
    model,
    apiKey: token,
    maxTokens: 8,
    maxRetries: 0,
    configuration: { baseURL: baseUrl(hostname), fetch: fetchFor(hostname) },
  });
}
