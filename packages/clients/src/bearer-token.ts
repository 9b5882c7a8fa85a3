import { readFile } from 'node:fs/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { requireRegularFile } from '@fairway/service/regular-file';
import { runProgram } from './run-program.ts';
import { ToolError } from './tool-error.ts';

/** Gives a token; `renew` where the last one was denied. */
export type TokenSource = (renew: boolean) => Promise<string>;

/** Milliseconds for which a token is used again, which those of clouds outlast, and until a command must have ended. */
const lifetime = 300_000;
const timeout = 60_000;

/** The token of a file that somebody else renews, such as the token of a pod: read for each request. */
export function tokenOfFile(path: string): TokenSource {
  return async () => {
    await requireRegularFile(path);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new ToolError(
        'token file',
        reasonOf('request.reading', { what: path }),
        error.code,
        reasonOf('token.unreadable'),
      );
    });
    return single(text, 'token file', reasonOf('request.reading', { what: path }));
  };
}

/**
 * The token that a command prints, such as `gcloud auth print-access-token`. It runs again after five minutes, and when a token was denied.
 * @param command for `sh`, with the environment of this process
 */
export function tokenOfCommand(command: string): TokenSource {
  return remembered(() => run(command));
}

/** Asks again after five minutes, and when a token was denied. */
export function remembered(ask: () => Promise<string>): TokenSource {
  let known: { readonly token: Promise<string>; readonly until: number } | undefined;
  return async renew => {
    if (known && !renew && Date.now() < known.until) return known.token;
    const token = ask();
    const asked = { token, until: Date.now() + lifetime };
    known = asked;
    // what failed is tried again by whoever asks next
    token.catch(() => {
      if (known === asked) known = undefined;
    });
    return token;
  };
}

async function run(command: string): Promise<string> {
  const output = await runProgram({
    tool: 'token command',
    program: 'sh',
    parameters: ['-c', command],
    folder: '.',
    environment: process.env,
    lastLines: 5,
    advice: reasonOf('token.command'),
    signal: AbortSignal.timeout(timeout),
  });
  return single(output, 'token command', `sh -c ${command}`);
}

function single(text: string, tool: string, asked: Reason | string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ToolError(tool, asked, undefined, token === '' ? reasonOf('token.empty') : reasonOf('token.several'));
}
