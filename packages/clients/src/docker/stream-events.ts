/** One line of the JSON stream with which the daemon answers build, pull, push and load. */
export interface StreamEvent {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly progress?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
  readonly aux?: unknown;
}

/** The events of a stream of JSON lines. A line that is not JSON ends it with an error: nothing the daemon says is passed over. */
export async function* streamEvents(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) yield JSON.parse(line) as StreamEvent;
  }
  if (rest.trim()) yield JSON.parse(rest) as StreamEvent;
}

/** What an event says went wrong, if anything. */
export function eventError(event: StreamEvent): string | undefined {
  return event.errorDetail?.message ?? event.error;
}
