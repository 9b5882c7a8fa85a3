import type { AuditorService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';
import type { Caller } from './access/caller.ts';

export interface AuditedAction {
  /** Kebab-case, as the auditor wants it. */
  readonly eventId: string;
  readonly request: Request;
  readonly caller: Caller;
  readonly meta: JsonObject;
}

/** Does something that changes the portal's data, with an audit event of how it ended. */
export async function audited<Result>(
  auditor: AuditorService,
  { eventId, request, caller, meta }: AuditedAction,
  act: () => Promise<Result>,
): Promise<Result> {
  const event = await auditor.createEvent({
    eventId,
    severityLevel: 'medium',
    // the auditor asks Backstage who sent the request, which knows nothing of the tokens of runs: `meta` names the run
    request: caller.kind === 'run' ? undefined : request,
    meta,
  });
  try {
    const result = await act();
    await event.success();
    return result;
  } catch (error) {
    await event.fail({ error: error as Error });
    throw error;
  }
}
