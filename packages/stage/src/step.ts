import * as core from '@actions/core';

/**
 * Does the work of an action's step; its signal is aborted when the job is cancelled. A mistake of the user, or of a tool, fails the step
 * with its paragraph, and a mistake of ours with its stack.
 */
export async function runStep(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  try {
    await work(abort.signal);
  } catch (error) {
    const known = error instanceof Error && (error.name === 'ConfigurationError' || error.name === 'ToolError');
    core.setFailed(known ? error.message : ((error as Partial<Error>).stack ?? String(error)));
  }
}
