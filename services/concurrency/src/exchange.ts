import { headerValues, setHeaders } from '@fairway/cache/messages';
import type { ProcessingRequest, ProcessingResponse } from '@fairway/cache/messages';
import type { Exchange } from '@fairway/cache/processor';
import type { Lease, Leases } from './leases.ts';
import { placeOf } from './place.ts';
import { refusal } from './refusal.ts';

/** Of what came of the requests. */
export interface Counts {
  admitted: number;
  refused: number;
  /** Requests that no one counted, because Redis did not answer; the gateway says whether they pass. */
  uncounted: number;
}

/** Metadata of a request by which the gateway's next filters know that it was counted. */
const metadata = 'fairway.concurrency';

/** A request that holds a place as long as Envoy keeps its stream open, which is until the answer has ended or the client hung up. */
export class LeasedExchange implements Exchange {
  readonly #leases: Leases;
  readonly #counts: Counts;
  #lease: Lease | undefined;
  #ended = false;

  constructor(leases: Leases, counts: Counts) {
    this.#leases = leases;
    this.#counts = counts;
  }

  async answer(request: ProcessingRequest): Promise<ProcessingResponse> {
    if (request.responseTrailers) return { responseTrailers: {} };
    const headers = headerValues(request.requestHeaders ?? {});
    const place = placeOf(headers);
    if (!place) return { requestHeaders: {} };
    const found = await this.#leases.take(place.key, place.most);
    if (!found) {
      this.#counts.uncounted += 1;
      return { requestHeaders: {} };
    }
    if ('running' in found) {
      this.#counts.refused += 1;
      const { headers: said, body } = refusal(found.running, place.most, headers['x-request-id'] ?? '');
      return {
        immediateResponse: {
          status: { code: 429 },
          headers: setHeaders(said),
          body,
          details: 'concurrency_rate_limited',
        },
      };
    }
    this.#counts.admitted += 1;
    // the client may have hung up while Redis was asked
    if (this.#ended) found.giveBack();
    else this.#lease = found;
    return {
      requestHeaders: {},
      dynamicMetadata: {
        fields: { [metadata]: { structValue: { fields: { left: { stringValue: String(found.left) } } } } },
      },
    };
  }

  end(): void {
    this.#ended = true;
    this.#lease?.giveBack();
    this.#lease = undefined;
  }
}
