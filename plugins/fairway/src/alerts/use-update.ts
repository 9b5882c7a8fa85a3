import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { Operations, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { fairwayApiRef } from '../client/fairway-api.ts';
import type { RequestOf } from '../client/request.ts';

/** Changes something in the backend, and says how that goes. */
export function useUpdate<Name extends keyof Operations>(name: Name, onUpdated: (answer: ResponseOf<Name>) => void) {
  const api = useApi(fairwayApiRef);
  const [state, setState] = useState<{ readonly isPending: boolean; readonly error?: Error }>({ isPending: false });
  const update = async (request: RequestOf<Name>): Promise<void> => {
    setState({ isPending: true });
    try {
      const answer = await api.call(name, request);
      setState({ isPending: false });
      onUpdated(answer);
    } catch (error) {
      setState({ isPending: false, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  return { ...state, update };
}
