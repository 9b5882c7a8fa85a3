import { randomUUID } from 'node:crypto';
import type { PersonalLogin } from './open-webui-login.ts';

/** Open WebUI as its page uses it, for one person. */
export interface OpenWebUiPage {
  ask<Answer>(path: string, body?: object): Promise<Answer>;
  /** Names of the models that the person sees, asked for anew. */
  models(): Promise<readonly string[]>;
  /** Sends a message in a new chat, and waits until its answer ended. */
  chat(model: string, content: unknown, more?: object): Promise<ChatAnswer>;
  close(): void;
}

export interface ChatAnswer {
  /** The pieces of text in the order in which they came. */
  readonly pieces: readonly string[];
  /** What the page shows in place of an answer. */
  readonly error?: unknown;
}

interface PageEvent {
  readonly chat_id: string;
  readonly data: { readonly type: string; readonly data: { readonly type?: string; readonly delta?: string } & Ended };
}

interface Ended {
  readonly done?: boolean;
  readonly error?: unknown;
}

const patience = 120_000;

export async function openPage(url: string, { token, cookie }: PersonalLogin): Promise<OpenWebUiPage> {
  const events: PageEvent[] = [];
  const waiting = new Set<() => void>();
  // Socket.IO by a WebSocket: 0 opens, 2 and 3 are asked and answered to know that somebody is there, 40 connects, 42 is an event
  // https://socket.io/docs/v4/socket-io-protocol/
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/socket.io/?EIO=4&transport=websocket`);
  const session = await new Promise<string>((resolve, reject) => {
    socket.onerror = () => reject(new Error(`${url} takes no WebSocket.`));
    socket.onmessage = ({ data }: { data: string }) => {
      if (data.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`);
      else if (data === '2') socket.send('3');
      else if (data.startsWith('40')) {
        socket.send(`42${JSON.stringify(['user-join', { auth: { token } }])}`);
        resolve((JSON.parse(data.slice(2)) as { sid: string }).sid);
      } else if (data.startsWith('42')) {
        const [name, event] = JSON.parse(data.slice(2)) as [string, PageEvent];
        if (name === 'events') events.push(event);
        for (const check of waiting) check();
      }
    };
  });

  const until = <Found>(what: string, find: () => Found | undefined) =>
    new Promise<Found>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        waiting.delete(check);
        settle();
      };
      const check = () => {
        const found = find();
        if (found !== undefined) end(() => resolve(found));
      };
      const timer = setTimeout(() => end(() => reject(new Error(`${what} did not come.`))), patience);
      waiting.add(check);
      check();
    });

  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', cookie };
    const sent = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
    const answer = await fetch(`${url}${path}`, sent);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  };

  return {
    ask,
    async models() {
      const { data } = await ask<{ data: { id: string }[] }>('/api/models?refresh=true');
      return data.map(({ id }) => id);
    },
    async chat(model, content, more) {
      const [id, question] = [randomUUID(), randomUUID()];
      const { chat_id: chat } = await ask<{ chat_id: string }>('/api/chat/completions', {
        stream: true,
        model,
        messages: [{ role: 'user', content }],
        params: {},
        features: {},
        session_id: session,
        id,
        // a new chat
        parent_id: null,
        user_message: { id: question, parentId: null, childrenIds: [id], role: 'user', content, models: [model] },
        background_tasks: { title_generation: true, tags_generation: true, follow_up_generation: true },
        ...more,
      });
      const own = () => events.filter(({ chat_id: of }) => of === chat).map(({ data }) => data);
      const last = await until('The end of an answer', () =>
        own().find(({ type, data }) => type === 'chat:message:error' || data.done),
      );
      const pieces = own().flatMap(({ data }) => (data.type === 'response.output_text.delta' ? [data.delta!] : []));
      return { pieces, ...(last.data.error ? { error: last.data.error } : {}) };
    },
    close: () => socket.close(),
  };
}
