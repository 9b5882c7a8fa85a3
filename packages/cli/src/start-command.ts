import { join } from 'node:path';
import { down, readState, startPortal } from '@fairway/platform';
import { ConfigurationError, loadService } from '@fairway/service';
import { openTerminal } from '@fairway/stage/terminal';
import { askService } from './ask-service.ts';
import { deliverArguments } from './arguments.ts';
import { runDelivery } from './deliver-command.ts';
import { makeExample } from './example.ts';
import { parse } from './parse.ts';
import { PortalReport } from './portal-report.ts';
import { toldPortal } from './told-portal.ts';
import { openAiUrl } from './token-command.ts';

const exampleFolder = join(import.meta.dirname, '../../../examples/hello-llm');

/** `npm start`: everything up, the example delivered, proof that it answers, and the portal that shows it. */
export async function startCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { folder, ...given } = await deliverArguments(argv, process.env);
  if (folder !== '.')
    throw new ConfigurationError(`fairway start delivers its own example. fairway deliver ${folder} delivers yours.`);
  const terminal = openTerminal(process.stderr);
  await makeExample(exampleFolder, signal, terminal.log('example').progress);
  terminal.clear();
  const options = { ...given, folder: exampleFolder };
  const { exitCode } = await runDelivery(options, signal);
  if (exitCode !== 0 || options.dryRun) return exitCode;
  const state = await readState();
  if (!state) throw new Error('The delivery passed without a platform state.');
  const answer = await askService(await loadService(exampleFolder), state, signal);
  process.stdout.write(`
Gateway       ${state.gateway.url}
Prometheus    ${state.prometheus.url}
Alertmanager  ${state.alertmanager.url}
Kubernetes    kubectl --kubeconfig ${state.kubernetes.kubeconfig} --context ${state.kubernetes.context} get pods -A

Ask it yourself:

${answer.curl}

With any client of the OpenAI API, for as long as the token lasts:

export OPENAI_BASE_URL=${openAiUrl(state)} OPENAI_API_KEY=$(bin/fairway token)

It answered through the gateway, from pod ${answer.pod}, to its [DONE]:

${answer.text}

`);
  const log = terminal.log('portal');
  // only now: building the frontend would be measured as the service's latency
  const { url } = await startPortal({ signal, progress: log.progress });
  const told = await toldPortal(process.env);
  if (told) await new PortalReport(told, exampleFolder, log.warning).end();
  terminal.clear();
  process.stdout.write(`Portal        ${url}

npm run stop takes all of it down.
`);
  return 0;
}

export async function stopCommand(argv: readonly string[]): Promise<number> {
  parse(argv, {}, 0);
  const terminal = openTerminal(process.stderr);
  await down({ progress: terminal.log('platform').progress });
  terminal.clear();
  process.stdout.write('The platform is down.\n');
  return 0;
}
