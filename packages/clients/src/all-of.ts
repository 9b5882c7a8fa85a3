/**
 * Does work on many things, some at the same time. The first fault ends the rest: it is all that can be said, and what still runs may never end by itself.
 * @param work gets a signal that ends with the first fault too
 */
export async function allOf<T>(
  things: Iterable<T>,
  atOnce: number,
  signal: AbortSignal | undefined,
  work: (thing: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const within = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;
  const queue = things[Symbol.iterator]();
  const worker = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value, within);
  };
  const workers = Array.from({ length: atOnce }, worker);
  await Promise.all(workers).catch(async (error: unknown) => {
    stopping.abort();
    await Promise.allSettled(workers);
    throw error;
  });
}
