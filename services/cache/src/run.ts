import { createServer } from 'node:http';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Server } from '@grpc/grpc-js';

interface Program {
  readonly server: Server;
  readonly port: number;
  /** In the text format of Prometheus. */
  metrics(): string;
  readonly metricsPort: number;
  /** How long streams may go on after the program was asked to end. */
  readonly drainMilliseconds: number;
}

/** Answers until the program is asked to end and its streams have ended. */
export async function run({ server, port, metrics, metricsPort, drainMilliseconds }: Program): Promise<void> {
  const page = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(metrics());
  }).listen(metricsPort);
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`0.0.0.0:${port}`, ServerCredentials.createInsecure(), error =>
      error ? reject(error) : resolve(),
    ),
  );
  say({ message: `answers on port ${port}` });
  process.once('SIGTERM', () => {
    page.close();
    // streams that are under way come to their end, or Envoy goes on without them
    server.tryShutdown(() => process.exit(0));
    setTimeout(() => process.exit(0), drainMilliseconds).unref();
  });
}

/** Says what goes wrong once, not for each request. */
export function sayOnce(message: string): (error: Error) => void {
  let said = '';
  return error => {
    const text = error.message || String((error as NodeJS.ErrnoException).code);
    if (text === said) return;
    said = text;
    say({ message, error: text });
  };
}

/** A counter by the results that it counts. */
export function counterText(name: string, help: string, counts: Readonly<Record<string, number>>): string {
  const lines = Object.entries(counts).map(([result, count]) => `${name}{result="${result}"} ${count}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${lines.join('')}`;
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}
