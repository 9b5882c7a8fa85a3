/** What the gateway says of the route that a request takes, as Envoy Gateway's metadata has it. */
const routeHeader = 'x-fairway-route';

export interface Route {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** undefined where the gateway said nothing of a route. */
export function routeOf(headers: Readonly<Record<string, string>>): Route | undefined {
  const list = parsed(headers[routeHeader] ?? '');
  const route = Array.isArray(list) ? record(list[0]) : undefined;
  if (!route) return undefined;
  const { namespace, name, annotations } = route;
  return { namespace: String(namespace), name: String(name), annotations: record(annotations) ?? {} };
}

/** An annotation that is an object in JSON. */
export function objectIn(annotation: unknown): Readonly<Record<string, unknown>> | undefined {
  return record(parsed(String(annotation ?? '')));
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
