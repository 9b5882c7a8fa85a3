/**
 * Whether the same request gets the same answer: the model is asked for its likeliest tokens (temperature 0) or with a seed, once, and everything
 * that it is asked lies in the request. Tools are no obstacle: the client runs them, and would be told to by the engine too.
 */
export function isDeterministic(path: string, body: Buffer): boolean {
  const request = parsed(body);
  if (!request) return false;
  if (path === '/v1/embeddings') return !namesStored([request['messages'], request['input']]);
  if (path === '/v1/responses') return isDeterministicResponse(request);
  if (path !== '/v1/chat/completions' && path !== '/v1/completions') return false;
  // null is what many clients write for what they leave out
  const { temperature, seed, n, best_of: bestOf, store } = request;
  const seeded = Number.isInteger(seed) && !randomSeeds.includes(seed);
  const fixed = seeded || (temperature === 0 && !chances.some(name => request[name]));
  return fixed && (n ?? 1) === 1 && (bestOf ?? 1) === 1 && !store && !namesStored(request['messages']);
}

/** Seeds that ask for another one each time: -1 at vLLM (`SamplingParams`) and llama.cpp, which has it as 2^32 - 1 (`LLAMA_DEFAULT_SEED`). */
const randomSeeds: readonly unknown[] = [-1, 2 ** 32 - 1];

/** What llama.cpp leaves to chance at a temperature of 0 too: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md */
const chances = ['dynatemp_range', 'xtc_probability'] as const;

/** Fields by which a request goes on from what the engine has stored, or is answered later. */
const elsewhere = ['previous_response_id', 'conversation', 'prompt', 'background'] as const;

/**
 * The Responses API stores an answer unless the request says otherwise, and has no seed. Some of its tools are run by the engine: only those of the client
 * are known to change nothing.
 */
function isDeterministicResponse(request: Readonly<Record<string, unknown>>): boolean {
  const { temperature, store, input } = request;
  const tools = request['tools'] ?? [];
  if (temperature !== 0 || store !== false || elsewhere.some(name => request[name])) return false;
  const ofClient = Array.isArray(tools) && tools.every(tool => ['function', 'custom'].includes(String(tool?.type)));
  return ofClient && !namesStored(input) && !(Array.isArray(input) && input.some(isReference));
}

/** An item by its id alone, whose type may be left out: `ItemReference` of OpenAI's API. Messages without a type have a role. */
const isReference = (item: Readonly<Record<string, unknown>> | null): boolean =>
  typeof item?.['id'] === 'string' && !item['type'] && !item['role'];

/** An item, a file or a picture that does not lie in the request: what lies at an address may be another picture tomorrow. */
function namesStored(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) =>
      (name === 'type' && inner === 'item_reference') ||
      (['file_id', 'uuid'].includes(name) && typeof inner === 'string') ||
      (sources.test(name) && typeof inner === 'string' && !inner.startsWith('data:')) ||
      namesStored(inner),
  );
}

/** Fields with an address: `image_url` and the like; SGLang takes `image` and `video` in what is to be embedded. */
const sources = /(^|_)url$|^(image|video)$/;

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
