/** Whether Docker Hub answers this machine at all; a network without it must not cost minutes of retries. */
export async function publicRegistryAnswers(signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch('https://registry-1.docker.io/v2/', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
    });
    // 401 asks for a token, which the daemon gets by itself
    return answer.ok || answer.status === 401;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
