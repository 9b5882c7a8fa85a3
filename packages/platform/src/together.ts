/**
 * Runs tasks side by side. The first failure cancels the others; it is thrown when all have ended, so that nothing goes on
 * behind the error.
 */
export async function together<Results extends readonly unknown[]>(
  signal: AbortSignal,
  tasks: { readonly [Index in keyof Results]: (signal: AbortSignal) => Promise<Results[Index]> },
): Promise<Results> {
  const failed = new AbortController();
  const own = AbortSignal.any([signal, failed.signal]);
  const settled = await Promise.allSettled(
    tasks.map(async task => {
      try {
        return await task(own);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }),
  );
  if (failed.signal.aborted) throw failed.signal.reason;
  return settled.map(result => (result.status === 'fulfilled' ? result.value : undefined)) as unknown as Results;
}
