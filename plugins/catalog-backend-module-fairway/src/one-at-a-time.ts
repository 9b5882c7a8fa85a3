/**
 * Runs `work` once at a time. Calls that come while it runs share one further run, which sees everything that led to them;
 * so an older answer never overwrites a newer one.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .catch(() => {
        // told to those who asked for that run
      })
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}
