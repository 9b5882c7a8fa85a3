import { engineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';

/**
 * How long a proxy keeps a connection to an engine between two requests. Engines close what was idle for five seconds (uvicorn, on which vLLM,
 * FastChat, Transformers and SGLang stand, by its `timeout_keep_alive`; llama.cpp by cpp-httplib's `CPPHTTPLIB_KEEPALIVE_TIMEOUT_SECOND`), and a
 * request that is sent at that moment is lost: 503, which counts as the version's error. Whoever closes first must be the proxy, also when it
 * gets no processor for a while.
 */
export const idleConnection = '1s';

/** Most requests over one connection, as Envoy Gateway and Istio both name it: one where the engine closes it after a stream, else no bound. */
export function requestBound({ engine }: Service): { readonly maxRequestsPerConnection?: number } {
  return engineProfile(engine.name).closesAfterStream ? { maxRequestsPerConnection: 1 } : {};
}

/** Both bounds for a proxy of Istio. */
export function connectionPool(service: Service): object {
  return { http: { idleTimeout: idleConnection, ...requestBound(service) } };
}
