import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { getTrustedRoot } from '@sigstore/tuf';
import { ToolError } from '../tool-error.ts';

/** What to trust for signatures of sigstore.dev, kept up to date by The Update Framework. */
export async function publicRoot(): Promise<TrustedRoot> {
  try {
    return await getTrustedRoot();
  } catch (error) {
    const advice = reasonOf('sigstore.root');
    throw new ToolError('sigstore', reasonOf('sigstore.fetchRoot'), undefined, (error as Error).message, advice);
  }
}

/** @throws ToolError when the text is no trusted root; `file` is where it came from */
export function readRoot(text: string, file: string): TrustedRoot {
  try {
    return TrustedRoot.fromJSON(JSON.parse(text));
  } catch (error) {
    throw new ToolError('sigstore', reasonOf('request.reading', { what: file }), undefined, (error as Error).message);
  }
}
