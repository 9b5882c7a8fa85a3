import { InputError, ServiceUnavailableError } from '@backstage/errors';
import express, { type Request, type Response } from 'express';

/** The body is larger than the operation takes: HTTP 413. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  readonly statusCode = 413;
}

/** What express's reader says of a body that it cannot read. */
interface ReadError extends Error {
  readonly type?: string;
}

/**
 * The body of a request as JSON, whatever type it claims to have.
 * @param limit in bytes, after decompression
 * @throws TooLargeError, InputError
 */
export async function readJson(request: Request, response: Response, limit: number): Promise<unknown> {
  const reader = express.json({ limit, type: () => true, strict: false });
  const error = await new Promise<ReadError | undefined>(done =>
    reader(request, response, (problem?: unknown) => done(problem as ReadError | undefined)),
  );
  if (error) throw refusal(error, request, limit);
  return request.body as unknown;
}

function refusal(error: ReadError, request: Request, limit: number): Error {
  const place = `${request.method} ${request.baseUrl}${request.path}`;
  if (error.type === 'entity.too.large') {
    const size = request.headers['content-length'];
    return new TooLargeError(
      `The body of ${place} ${size ? `has ${size} bytes` : 'is too large'}; at most ${limit} bytes are taken, and nothing was stored. Send the record with less evidence: pieces that are left out stay with the delivery and are only not drawn.`,
    );
  }
  if (error.type === 'entity.parse.failed') {
    return new InputError(`The body of ${place} is not JSON: ${error.message}. Nothing was stored.`);
  }
  if (error.type === 'request.aborted' || error.type === 'request.size.invalid') {
    return new InputError(`The body of ${place} ended before it was whole. Nothing was stored; send it again.`);
  }
  if (error.type === 'encoding.unsupported' || error.type === 'charset.unsupported') {
    return new InputError(
      `The body of ${place} cannot be read: ${error.message}. Send UTF-8, plain or with content-encoding gzip.`,
    );
  }
  return new ServiceUnavailableError(`The body of ${place} could not be read: ${error.message}.`);
}
