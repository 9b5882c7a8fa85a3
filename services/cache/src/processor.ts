import { Server } from '@grpc/grpc-js';
import type { ServerDuplexStream, ServiceDefinition } from '@grpc/grpc-js';
import { readRequest, readResponse, writeRequest, writeResponse } from './messages.ts';
import type { ProcessingRequest, ProcessingResponse } from './messages.ts';

const externalProcessor: ServiceDefinition = {
  process: {
    path: '/envoy.service.ext_proc.v3.ExternalProcessor/Process',
    requestStream: true,
    responseStream: true,
    requestSerialize: writeRequest,
    requestDeserialize: readRequest,
    responseSerialize: writeResponse,
    responseDeserialize: readResponse,
  },
};

/** One request through the gateway, as Envoy reports it part by part. */
export interface Exchange {
  /** What Envoy is to do with a part. Parts come one after the other. */
  answer(request: ProcessingRequest): Promise<ProcessingResponse>;
  /** The request is over, whether or not its answer came to its end. It may come while a part is being answered, and more than once. */
  end(): void;
}

/** Envoy's external processor: a stream for each request of a service that asks for it. */
export function processorServer(open: () => Exchange, failed: (error: Error) => void): Server {
  const server = new Server({
    'grpc.max_receive_message_length': 128 * 2 ** 20,
    // an Envoy whose node is gone says nothing, and its requests would never be over
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 10_000,
  });
  server.addService(externalProcessor, {
    process(stream: ServerDuplexStream<ProcessingRequest, ProcessingResponse>) {
      const exchange = open();
      let before: Promise<void> = Promise.resolve();
      stream.on('data', (request: ProcessingRequest) => {
        before = before
          .then(() => exchange.answer(request))
          .then(response => void stream.write(response))
          // Envoy goes on without this program when the stream ends
          .catch((error: Error) => {
            failed(error);
            exchange.end();
            stream.end();
          });
      });
      stream.on('end', () => {
        void before.then(() => {
          exchange.end();
          stream.end();
        });
      });
      // a client that hung up
      stream.on('error', () => exchange.end());
      stream.on('cancelled', () => exchange.end());
    },
  });
  return server;
}
