import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { Operations, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { fairwayApiRef } from '../client/fairway-api.ts';
import type { RequestOf } from '../client/request.ts';

interface UpdateState {
  readonly isPending: boolean;
  readonly error?: Error;
}

const idle: UpdateState = { isPending: false };

/** Changes something in the backend, and says how that goes. */
export function useUpdate<Name extends keyof Operations>(name: Name, onUpdated: (answer: ResponseOf<Name>) => void) {
  const api = useApi(fairwayApiRef);
  const [state, setState] = useState(idle);
  const update = async (request: RequestOf<Name>): Promise<void> => {
    setState({ isPending: true });
    try {
      const answer = await api.call(name, request);
      setState(idle);
      onUpdated(answer);
    } catch (error) {
      setState({ isPending: false, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  /** Leaves out why the last attempt failed; one that runs goes on. */
  const forget = () => setState(({ isPending }) => ({ isPending }));
  return { ...state, update, forget };
}
