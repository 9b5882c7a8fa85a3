/**
 * How long a proxy keeps a connection to an engine between two requests. Engines close what was idle for five seconds (uvicorn, on which vLLM,
 * FastChat, Transformers and SGLang stand, by its `timeout_keep_alive`; llama.cpp by cpp-httplib's `CPPHTTPLIB_KEEPALIVE_TIMEOUT_SECOND`), and a
 * request that is sent at that moment is lost: 503, which counts as the version's error. Whoever closes first must be the proxy, also when it
 * gets no processor for a while.
 */
export const idleConnection = '1s';
