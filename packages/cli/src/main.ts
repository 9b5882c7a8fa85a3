import { ConfigurationError } from '@fairway/service/configuration-error';
import { nearest } from '@fairway/service/nearest';
import { english } from '@fairway/service/reasons/delivery-reason';
import { systemFault } from '@fairway/service/system-error';

const usage = `fairway: from a model and an engine to production

  fairway deliver [folder] [--from stage] [--to stage] [--dry-run] [--json] [--<input> value ...]
      Runs the stages on the service in folder (default: .). Without --context it uses the local platform;
      --context NAME names a context of your own kubeconfig, and DOCKER_HOST, --registry and the like the rest.
      --environment NAME takes environments/NAME.yaml into account, and the image of an environment before (docs/environments.md).
      Every input of a stage is an option (docs/actions.md); secrets come by FAIRWAY_<INPUT>.
  fairway render [folder] --to DIR [--json] [--<input> value ...]
      Writes the objects that deploy, mesh and monitor apply as files for kustomize, Argo CD or Flux (docs/gitops.md). Reads the
      cluster and changes nothing. The image is that of the delivery record, or --image.
  fairway release pause|resume|promote|abort [folder] [--revision version] [--environment NAME] [--context NAME] [--json]
      Holds the release that runs now at its step, lets it go on, or gives its candidate all users without the verdict of its steps.
  fairway rollback [folder] [--revision version] [--environment NAME] [--context NAME] [--json]
      Gives the version that was released before all traffic again, within seconds.
  fairway remove [folder] [--service NAMESPACE/NAME] [--environment NAME] [--context NAME] [--ruler-url URL] [--dry-run] [--yes] [--json]
      Takes a service out of the cluster, with its way at the gateway and its rules; asks for its name first (docs/removal.md).
  fairway doctor [--json]
      Says what was found on this machine, what will be brought and what is missing. Changes nothing.
  fairway load --url URL [--model NAME] --rate N|--concurrency N|--sweep A..B|--trace FILE [--seconds N] [--json] [--csv FILE] [--report FILE]
      Sends load to any OpenAI-compatible server and says how it answered; objectives such as --ttft p95=500ms
      make the exit code. docs/load.md has all options. A token comes by FAIRWAY_TOKEN.
  fairway compare FILE [--out FILE] [--markdown FILE] [--svg FILE] [--json]
      Measures the engines of FILE in turn on this machine, with one model and one load, and scores them
      (docs/comparisons.md). Exit code 1 when fewer than two could be measured.
  fairway logs [folder] [--request ID] [--since 1h] [--level warn] [--text WORDS] [--limit N] [--json]
      What gateway, firewall and engine wrote about a service or about one request, the newest last: of the local
      platform, or of the OpenSearch or Elasticsearch that FAIRWAY_LOGS_URL names.
  fairway platform images --registry REGISTRY/PATH [--username USER] [--json]
      Builds the images of templates/inference-platform that nobody publishes and pushes them, with FAIRWAY_PASSWORD or Docker's login.
  fairway platform up|down|status [--with mesh|istio-gateway|network-policy|grype] [--without logs|concurrency] [--json]
      The local platform: Docker, registry, Kubernetes, gateway, WAF, OIDC issuer, Prometheus, Alertmanager, log store, ledger.
      A part that is switched off stays off until it is switched on again.
  fairway token [--json]
      Prints a fresh access token of the local platform: the API key for curl and for clients of the OpenAI API.
  fairway usage [--by team,service,model,version,client,day,cache] [--from DAY] [--to DAY] [--prices FILE] [--json|--csv]
      Who used which model how much, by the gateway's ledger: requests, tokens and their cost (docs/usage.md).
      Of the local platform, or of the database that FAIRWAY_LEDGER_URL names.
  fairway receivers FILE
      Prints Alertmanager's configuration for a file that says who is notified of alerts (docs/alerts.md).
  fairway weights push [folder] --registry REGISTRY/PATH [--username USER] [--hub URL] [--environment NAME] [--dry-run] [--json]
      Puts the model of a service into a registry as an image of nothing but its files, once for each revision, and prints the
      lines of fairway.yaml with which pods take it from there (docs/models.md). With FAIRWAY_PASSWORD or Docker's login, and HF_TOKEN.
  fairway portal [start|stop]
      The portal alone (npm run portal). Deliveries made while it runs are shown there.
  fairway start
      Brings the platform up, delivers examples/hello-llm and starts the portal (npm start).
  fairway stop
      Takes down what was started (npm run stop).

Exit codes: 0 done, 1 a stage failed, 2 something to correct, 3 a stage was inconclusive, 130 interrupted.
With --json an error is on standard output too, as { exitCode, error }.
`;

type Command = (argv: readonly string[], signal: AbortSignal) => Promise<number>;

/** Loaded when they are used: most need clients that take longer to load than a short command takes to run. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  compare: async () => (await import('./compare-command.ts')).compareCommand,
  deliver: async () => (await import('./deliver-command.ts')).deliverCommand,
  doctor: async () => (await import('./doctor-command.ts')).doctorCommand,
  logs: async () => (await import('./logs-command.ts')).logsCommand,
  load: async () => (await import('./load-command.ts')).loadCommand,
  platform: async () => (await import('./platform-command.ts')).platformCommand,
  portal: async () => (await import('./portal-command.ts')).portalCommand,
  receivers: async () => (await import('./receivers-command.ts')).receiversCommand,
  release: async () => (await import('./release-command.ts')).releaseCommand,
  remove: async () => (await import('./remove-command.ts')).removeCommand,
  render: async () => (await import('./render-command.ts')).renderCommand,
  rollback: async () => (await import('./rollback-command.ts')).rollbackCommand,
  start: async () => (await import('./start-command.ts')).startCommand,
  stop: async () => (await import('./start-command.ts')).stopCommand,
  usage: async () => (await import('./usage-command.ts')).usageCommand,
  token: async () => (await import('./token-command.ts')).tokenCommand,
  weights: async () => (await import('./weights/weights-command.ts')).weightsCommand,
};

const abort = new AbortController();

// The first Ctrl-C lets the running stage clean up, the second one ends the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  });
}

/** Why the result was not written, if it was not. */
let lost: NodeJS.ErrnoException | undefined;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // as programs end whose reader is gone; a log that cannot be written is no reason to end
    if (error.code === 'EPIPE') abort.abort();
    else if (stream === process.stdout) lost ??= error;
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || ['--help', '-h', 'help'].includes(name) || rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(usage);
    return name === undefined ? 2 : 0;
  }
  try {
    return await (
      await commandNamed(name)
    )(rest, abort.signal);
  } catch (error) {
    const { exitCode, text } = failure(error, name);
    process.stderr.write(`\n${text}\n`);
    if (rest.includes('--json')) process.stdout.write(`${JSON.stringify({ exitCode, error: text })}\n`);
    return exitCode;
  }
}

function commandNamed(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load) return load();
  const names = Object.keys(commands);
  const near = nearest(name, names);
  throw new ConfigurationError(
    `fairway has no command "${name}". ${near ? `Did you mean ${near}? ` : ''}It has ${names.join(', ')}; fairway --help explains them.`,
  );
}

/** Commands that store what they finish. */
const resumed: readonly string[] = ['compare', 'deliver', 'platform', 'start'];

function failure(error: unknown, name: string): { readonly exitCode: number; readonly text: string } {
  // a question is ended by Ctrl-C and Ctrl-D without a signal
  if (abort.signal.aborted || (error instanceof Error && error.name === 'AbortError'))
    return {
      exitCode: 130,
      text: `Interrupted.${resumed.includes(name) ? ' What was finished is stored; the same command goes on from there.' : ''}`,
    };
  const fault = systemFault(error);
  if (fault !== undefined) return { exitCode: 2, text: english(fault) };
  if (!(error instanceof Error)) return { exitCode: 1, text: String(error) };
  if (error.name === 'ConfigurationError') return { exitCode: 2, text: error.message };
  const isPlain = ['ToolError', 'LayoutError'].includes(error.name);
  return { exitCode: 1, text: isPlain ? error.message : (error.stack ?? error.message) };
}

const exitCode = await main(process.argv.slice(2));
// what is on its way into a pipe arrives before the end, and what became of it is heard after
process.stdout.write('', () => setImmediate(end));

function end(): void {
  if (lost) process.stderr.write(`\nThe result could not be written to standard output: ${lost.message}.\n`);
  process.exit(lost ? exitCode || 2 : exitCode);
}
