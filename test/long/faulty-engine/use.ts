import { execFile } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Gives a copy of the example an engine whose faults the tests choose, and that compiles in a second; all else is as users deliver it. */
export async function useFaultyEngine(folder: string): Promise<void> {
  await promisify(execFile)('gcc', [
    ...['-O2', '-static', '-pthread', '-o', join(folder, 'llama-server')],
    join(import.meta.dirname, 'engine.c'),
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
}
