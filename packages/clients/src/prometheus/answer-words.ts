import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';

/** What a store says beside its data. */
interface Remarks {
  readonly warnings?: readonly string[];
  readonly isPartial?: boolean;
}

// remarks of the language itself, and that no store has such labels at all
const harmless = /^PromQL (?:warning|info)|No StoreAPIs matched/;

/** Which part of the stores behind an answer gave nothing: Thanos and Cortex warn of it, and VictoriaMetrics has a flag. Undefined for a whole answer. */
export function missingPart({ warnings = [], isPartial }: Remarks): string | undefined {
  return warnings.find(warning => !harmless.test(warning)) ?? (isPartial === true ? 'isPartial' : undefined);
}

interface ErrorBody {
  readonly error?: string | { readonly message?: string };
  readonly message?: string;
}

/** The same error with the words of the store instead of its JSON: of Prometheus, Thanos and Mimir, of Google and Azure, or of AWS. */
export function worded(error: unknown): unknown {
  if (!(error instanceof ToolError) || typeof error.status !== 'number') return error;
  const said = wordsOf(error.output);
  const limited = error.status === 422 || error.status === 429;
  if (said === undefined && !limited) return error;
  const advice = reasonOf(limited ? 'prometheus.limits' : 'prometheus.check');
  return new ToolError(error.tool, error.request, error.status, said ?? error.output, advice);
}

function wordsOf(body: string): string | undefined {
  try {
    const { error, message } = (JSON.parse(body) as ErrorBody | null) ?? {};
    return (typeof error === 'string' ? error : error?.message) ?? message;
  } catch {
    // a page, or words without a form
    return undefined;
  }
}
