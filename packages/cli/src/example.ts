import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ToolError } from '@fairway/clients/tool-error';

/** Makes what the example does not hold: its model and the sources of its engine. Both scripts leave what is right alone. */
export async function makeExample(
  folder: string,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<void> {
  progress('making the model');
  await python(join(folder, 'make-model.py'), signal);
  progress('fetching the sources of llama.cpp');
  await python(join(folder, 'fetch-engine.py'), signal);
}

function python(script: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile('python3', [script], { signal }, (error, stdout, stderr) => {
      if (!error) resolve();
      else if (signal.aborted) reject(error);
      else
        reject(
          new ToolError('python3', `python3 ${script}`, error.code ?? undefined, stderr || stdout || error.message),
        );
    });
  });
}
