import { english, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { brokenDevice } from './device-fault.ts';
import { driverProblem } from './driver.ts';
import { withoutJson } from './json-lines.ts';

/** The first error of a log, which is the cause; those that follow from it come after. */
export interface RootCause {
  /** The line without time, level and process. */
  readonly error: string;
  /** What it means and what to do, where it is known. */
  readonly meaning?: Reason | string;
  /** Whether it is another service that could not be reached: the next try may succeed. */
  readonly transient: boolean;
  /** Index of its line in the log without JSON. */
  readonly line: number;
}

// what stands before the words of a line: process, level, time, place in the source, TGI's program; a frame around a traceback
const prefix =
  /^(?:\s*[│|]\s*|\s*\([\w. =]+\)\s*|\s*\[?\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\]?\s*|\s*(?:ERROR|CRITICAL|FATAL|E)\b:?\s*|\s*\d\d-\d\d [\d:]+\s*|\s*\[[\w./-]+(?::\d+)?\]:?\s*|\s*rank=\d+\s*|\s*(?:[\w-]+(?:\{[^}]*\})?: )?text_generation_\w+(?:::\w+)*: )+/;
const harmless =
  /^\W*(?:\([\w. =]+\)\s*)?(?:INFO|DEBUG|WARNING|WARN|TRACE)\b|(?<!=)\b(?:INFO|DEBUG|WARN|WARNING)\b(?=[ \]:])|Warning:/;
// pydantic says on one line that there is an error, and on the next which
const exception =
  /^(?:(?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*(?:Error|Exception|NotFound|NotLoaded|Timeout|IsEnabled)|NVMLError_\w+|\w*OutOf(?:Memory|Resources)\w*)(?::\s*\S|$)|.*\[type=\w+, input_value=)/;
const words = /\b(?:error|fatal|panic(?:ked)?|failed)\b/i;
// an error that only says that there was one before
const follows =
  /see (?:the )?(?:root cause|error|stack trace) above|failed core proc|shard .* failed|EngineCore failed to start|^Traceback|\d+ validation errors? for |^Error: (?:Shard|Download|Webserver)\w+$/i;
// a process of the engine that a signal ended writes nothing: TGI's launcher says it, and vLLM by Python's exit code
const killed = /signaled to shutdown with signal 9\b|Failed core proc\(s\): \{[^}]*: -9\b/;

/** Undefined for a log without an error. */
export function rootCause(log: string): RootCause | undefined {
  const lines = withoutJson(log)
    .split('\n')
    .map((text, line) => ({ line, text: text.replace(prefix, '').trim(), harmless: harmless.test(text) }))
    .filter(({ text, harmless: passes }) => text !== '' && !passes && (killed.test(text) || !follows.test(text)));
  const first = [exception, killed, words]
    .map(pattern => lines.find(({ text }) => pattern.test(text)))
    .find(line => line !== undefined);
  if (!first) return undefined;
  const meaning = meaningOf(first.text);
  return {
    error: first.text,
    line: first.line,
    transient: [unreachable, timedOut, busyHub].some(pattern => pattern.test(first.text)),
    ...(meaning === undefined ? {} : { meaning }),
  };
}

/** Lines that are shown from the first error on. */
const shownLines = 40;

/**
 * Adds the first error of an engine's log to the cause, and cuts the log to what begins there.
 * @param cause whole sentences: what was seen of the container
 */
export function explained(
  cause: Reason | string,
  log: string,
): { readonly cause: Reason | string; readonly logs: string } {
  const lines = withoutJson(log).split('\n');
  const root = rootCause(log);
  if (!root) return { cause, logs: lines.slice(-20).join('\n') };
  const error = root.error.slice(0, 500);
  const words = /[.!?]$/.test(error) ? error : `${error}.`;
  const meaning = root.meaning === undefined ? [] : [root.meaning];
  return {
    cause: listOf('list.then', [cause, reasonOf('log.first', { words }), ...meaning]),
    logs: lines.slice(root.line, root.line + shownLines).join('\n'),
  };
}

// the words of connect(2) and getaddrinfo(3) as Go, glibc, Node.js and Python's clients write them, and what a hub answers that is busy
const unreachable =
  /connection refused|ECONNREFUSED|connection reset by peer|ECONNRESET|no route to host|network is unreachable|\bi\/o timeout|connection timed out|ETIMEDOUT|no such host|temporary failure in name resolution|EAI_AGAIN|name or service not known|Max retries exceeded|couldn't connect to|check your connection|client socket has timed out|waiting for clients|Connect(?:ion)?Timeout|ReadTimeout/i;
// the sockets of Python, by which clients on httpx end (huggingface_hub from 1.0 on); engines say themselves for what they waited too long
const timedOut = /^TimeoutError: (?:timed out|The \w+ operation timed out|_ssl\.c:\d+: .*timed out)$/;
const busyHub = /\b(?:429|50[0234])\b.*(?:Too Many Requests|Error|Bad Gateway|Unavailable|Timeout).* for url/i;

// the words of huggingface_hub, whose first error is that of the HTTP client
const gated =
  /GatedRepoError|gated repo|\b40[13]\b.*(?:Unauthorized|Forbidden).*huggingface\.co|Access to model \S+ is restricted/i;

// vLLM and SGLang, Transformers, llama.cpp, TGI
const unknownArchitecture =
  /Model architectures? .* (?:are|is) not supported|Transformers does not recognize this architecture|unknown model architecture|Unsupported model type/i;

type Meaning = Exclude<Extract<Reason['code'], `log.${string}`>, 'log.first'>;

/** What an error means and what to do, by the words of the engines and of the libraries that they stand on; the first that fits. */
const meanings: readonly (readonly [words: RegExp, meaning: Meaning])[] = [
  [/Free memory on device .* is less than desired|memory capacity is unbalanced/i, 'log.gpuShared'],
  // Triton's, which is memory of a kernel and not of the pod
  [/out of resources?: shared memory/i, 'log.kernel'],
  [killed, 'log.killed'],
  [/^MemoryError|Cannot allocate memory/i, 'log.memory'],
  [/out of memory|unable to allocate CUDA\d* buffer|failed to allocate buffer for kv cache/i, 'log.gpuMemory'],
  [
    /No available memory for the cache blocks|KV cache .*(is needed|larger than)|larger than the available KV cache|tokens that can be stored in KV cache|Not enough memory/i,
    'log.kvCache',
  ],
  [/shared memory|\/dev\/shm|shm_open|<\/torch_\d+|Bus error/i, 'log.sharedMemory'],
  [/No space left on device/i, 'log.disk'],
  [
    /Read-only file system|Permission denied: ['"]?\/\S*(?:cache|\.config|\.local|\.triton|root|home|nonexistent)/i,
    'log.readOnly',
  ],
  [
    /Failed to find C compiler|\b(?:nvcc|gcc|g\+\+|cc|ninja)['"]?: (?:command )?not found|No such file or directory: '[^']*\b(?:nvcc|gcc|g\+\+|ninja)'|Could not find nvcc/i,
    'log.compiler',
  ],
  [gated, 'log.gated'],
  [/RepositoryNotFoundError|is not a local folder and is not a valid model identifier/i, 'log.hubUnknown'],
  [/429 .*Too Many Requests/i, 'log.hubBusy'],
  [unknownArchitecture, 'log.architecture'],
  [/contains custom code which must be executed|trust_remote_code/i, 'log.customCode'],
  [/max_model_len .* is greater than the derived|greater than the derived context_length/i, 'log.context'],
  [/attention heads .*must be divisible by/i, 'log.heads'],
  [
    /World size .* larger than the number of available GPUs|less than max local gpu count|invalid device ordinal/i,
    'log.gpuCount',
  ],
  [/Consider reducing tensor_parallel_size|is not divisible by weight quantization block/i, 'log.parts'],
  [
    /only supported on GPUs with compute capability|not supported for the current GPU|only supports Ampere GPUs/i,
    'log.types',
  ],
  [/Error while deserializing header/i, 'log.damaged'],
  [
    /does not appear to have a file named|Can't load tokenizer|Couldn't instantiate the backend tokenizer|Cannot find any model weights|Unrecognized model in/i,
    'log.file',
  ],
  [/client socket has timed out|waiting for clients/i, 'log.group'],
  [/exec format error/i, 'log.otherProcessor'],
  [/address already in use|couldn't bind HTTP server socket/i, 'log.port'],
  [
    /unrecognized arguments?:|invalid choice:|unexpected argument|invalid argument: -|unknown argument: -|\[type=literal_error/i,
    'log.arguments',
  ],
];

function meaningOf(error: string): Reason | string | undefined {
  const code = meanings.find(([pattern]) => pattern.test(error))?.[1];
  if (code !== undefined) return reasonOf(code);
  const device = brokenDevice(error);
  if (device !== undefined) return device;
  const driver = driverProblem(error);
  return driver && english(driver).replace(/^./, letter => letter.toUpperCase());
}
