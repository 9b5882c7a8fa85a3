/** Somebody who uses the portal of this machine by its HTTP API, signed in as its frontend does it. */
export interface PortalGuest {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Asks until there is an answer, for what the portal does in the background. */
  eventually(path: string): Promise<unknown>;
  /** Waits for a task of the scaffolder; `watch` is told the log so far each second. */
  finished(task: string, watch: (log: string) => void): Promise<{ status: string; log: string }>;
}

export async function guestOf(url: string): Promise<PortalGuest> {
  // asked for anew each time: a token ends within the hour, and a first delivery may not
  const token = async () => {
    const answer = await fetch(`${url}/api/auth/guest/refresh`);
    const { backstageIdentity } = (await answer.json()) as { backstageIdentity: { token: string } };
    return backstageIdentity.token;
  };
  const ask = async <T>(path: string, init: { method: string; body?: string }): Promise<T> => {
    const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${init.method} ${path} was answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const get = <T>(path: string) => ask<T>(path, { method: 'GET' });
  const second = () => new Promise(resolve => setTimeout(resolve, 1000));
  return {
    get,
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    async eventually(path) {
      for (let left = 60; ; left--) {
        try {
          return await get(path);
        } catch (error) {
          if (left === 0) throw error;
          await second();
        }
      }
    },
    async finished(task, watch) {
      for (;;) {
        const { status } = await get<{ status: string }>(`/api/scaffolder/v2/tasks/${task}`);
        const events = await get<{ body: { message: string } }[]>(`/api/scaffolder/v2/tasks/${task}/events`);
        const log = events.map(event => event.body.message).join('\n');
        watch(log);
        if (status !== 'open' && status !== 'processing') return { status, log };
        await second();
      }
    },
  };
}
