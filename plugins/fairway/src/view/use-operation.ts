import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi, useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { fairwaySignalChannel } from '@fairway/backstage-plugin-fairway-common';
import type { FairwaySignal, Operations, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { fairwayApiRef } from '../client/fairway-api.ts';
import type { RequestOf } from '../client/request.ts';

export interface Asked<Value> {
  /** The last good answer; it stays while a newer one is asked for. */
  readonly value: Value | undefined;
  /** When it came, as RFC 3339. */
  readonly answeredAt: string | undefined;
  /** Why the last attempt failed. */
  readonly error: Error | undefined;
  readonly reload: () => void;
}

export interface Refresh {
  /** Signals of the backend after which to ask again. */
  readonly on: readonly FairwaySignal['changed'][];
  /** Seconds; for portals without signals, and for signals that were lost. */
  readonly every: number;
}

interface Answered<Value> {
  readonly question?: string;
  readonly value?: Value | undefined;
  readonly answeredAt?: string | undefined;
  readonly error?: Error;
}

const never: Refresh = { on: [], every: 0 };

/**
 * Asks the backend, and again when a signal says that the view changed. Without a request nothing is asked.
 * `refresh` must be the same object from one rendering to the next.
 */
export function useOperation<Name extends keyof Operations>(
  name: Name,
  request: RequestOf<Name> | undefined,
  refresh: Refresh = never,
): Asked<ResponseOf<Name>> {
  const api = useApi(fairwayApiRef);
  const question = request && JSON.stringify(request);
  const [answer, setAnswer] = useState<Answered<ResponseOf<Name>>>({});
  const ask = useRef(() => {});
  const reload = useCallback(() => ask.current(), []);

  useEffect(() => {
    if (!question) return undefined;
    let wanted = true;
    let running = false;
    let again = false;
    const put = (next: Answered<ResponseOf<Name>>) => {
      running = false;
      if (!wanted) return;
      setAnswer(last => {
        const { value, answeredAt } = last.question === question ? last : {};
        return { value, answeredAt, question, ...next };
      });
      if (again) ask.current();
    };
    // A request that runs is let run: if each change began a new one, a view that changes faster than the backend answers
    // would never be shown. The changes that come meanwhile share one further request.
    ask.current = () => {
      again = running;
      if (running) return;
      running = true;
      api.call(name, JSON.parse(question) as RequestOf<Name>).then(
        value => put({ value, answeredAt: new Date().toISOString() }),
        (error: Error) => put({ error }),
      );
    };
    ask.current();
    return () => {
      wanted = false;
      ask.current = () => {};
    };
  }, [api, name, question]);

  // absent in portals that have no signals
  const signals = useApiHolder().get(signalApiRef);
  useEffect(() => {
    if (refresh.on.length === 0) return undefined;
    const subscription = signals?.subscribe(fairwaySignalChannel, message => {
      if (refresh.on.some(changed => changed === message.changed)) reload();
    });
    return () => subscription?.unsubscribe();
  }, [signals, refresh.on, reload]);

  useEffect(() => {
    if (!refresh.every) return undefined;
    const timer = setInterval(reload, refresh.every * 1000);
    return () => clearInterval(timer);
  }, [refresh.every, reload]);

  const current = answer.question === question ? answer : {};
  return { value: current.value, answeredAt: current.answeredAt, error: current.error, reload };
}
