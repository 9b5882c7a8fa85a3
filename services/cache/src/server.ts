import { Server } from '@grpc/grpc-js';
import type { ServerDuplexStream, ServiceDefinition } from '@grpc/grpc-js';
import { Exchange } from './exchange.ts';
import type { Counts } from './exchange.ts';
import { readRequest, readResponse, writeRequest, writeResponse } from './messages.ts';
import type { ProcessingRequest, ProcessingResponse } from './messages.ts';
import type { Answers } from './store.ts';

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

/** Envoy's external processor: a stream for each request of a service that has a cache. */
export function cacheServer(answers: Answers, counts: Counts, failed: (error: Error) => void): Server {
  const server = new Server({ 'grpc.max_receive_message_length': 128 * 2 ** 20 });
  server.addService(externalProcessor, {
    process(stream: ServerDuplexStream<ProcessingRequest, ProcessingResponse>) {
      const exchange = new Exchange(answers, counts);
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
