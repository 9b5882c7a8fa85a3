/**
 * Whether the same request gets the same answer: the model is asked for its likeliest tokens (temperature 0) or with a seed, once, and everything
 * that it is asked lies in the request. Tools are no obstacle: the client runs them, and would be told to by the engine too.
 */
export function isDeterministic(path: string, body: Buffer): boolean {
  const request = parsed(body);
  if (!request) return false;
  if (path === '/v1/embeddings') return true;
  if (path !== '/v1/chat/completions' && path !== '/v1/completions') return false;
  const { temperature, seed, n = 1, best_of: bestOf = 1, store = false } = request;
  const fixed = temperature === 0 || Number.isInteger(seed);
  return fixed && n === 1 && bestOf === 1 && store === false && !namesAddress(request['messages']);
}

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

/** What lies at an address may be another picture tomorrow. */
function namesAddress(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) =>
    name === 'url' && typeof inner === 'string' ? !inner.startsWith('data:') : namesAddress(inner),
  );
}
