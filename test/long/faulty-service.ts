import { execFile } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyExample, editService, giveHostname } from '../e2e/example-copy.ts';

/** A copy of the example with an engine whose faults the tests choose, which builds in seconds; all else is as users deliver it. */
export async function copyFaultyService(
  name: string,
  hostname: string,
  edit: (text: string) => string = text => text,
): Promise<string> {
  const folder = await copyExample(name);
  await giveHostname(folder, hostname);
  await promisify(execFile)('gcc', [
    ...['-O2', '-static', '-pthread', '-o', join(folder, 'llama-server')],
    join(import.meta.dirname, 'faulty-engine/engine.c'),
  ]);
  await appendFile(join(folder, '.dockerignore'), '!llama-server\n');
  await writeFile(
    join(folder, 'Dockerfile'),
    [
      'ARG BASE',
      'FROM ${BASE}',
      'COPY llama-server /usr/local/bin/llama-server',
      'COPY model/ /models/',
      'USER 65532:65532',
      'ENTRYPOINT ["llama-server"]',
      'CMD ["--model", "/models/hello-tiny.gguf", "--port", "8080"]',
      '',
    ].join('\n'),
  );
  await editService(folder, text =>
    edit(
      text
        .replace('cpu: 250m', 'cpu: 100m')
        .replace('requestsPerMinute: 3000', 'requestsPerMinute: 60000')
        .replace(
          'timeToFirstToken: { percentile: 95, milliseconds: 1500 }',
          'timeToFirstToken: { percentile: 95, milliseconds: 2000 }',
        ),
    ),
  );
  return folder;
}
