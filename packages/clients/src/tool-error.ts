import { redacted } from './redacted.ts';

/** An outside system failed: what was asked of it, how it ended and the last it said. The user's files are not at fault. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly tool: string;
  readonly request: string;
  readonly status: number | string | undefined;
  readonly output: string;

  /**
   * @param tool    name a user knows: "docker", "trivy", "kubernetes", "registry"
   * @param request the whole command line or "METHOD url"; credentials are taken out here and in the other texts
   * @param status  exit code, HTTP status or error code such as ECONNREFUSED
   * @param output  the last lines it wrote
   * @param advice  one sentence that says what to do
   */
  constructor(tool: string, request: string, status: number | string | undefined, output: string, advice?: string) {
    const ended = status === undefined ? 'failed' : `ended with ${status}`;
    const said = redacted(output.trim());
    const asked = redacted(request);
    // what a program said mostly ends without a stop, and the advice is a sentence of its own
    const sentence = said === '' || /[.!?)\]}"']$/.test(said) ? said : `${said}.`;
    super(
      `${tool}: ${asked} ${ended}${said ? `: ${advice ? sentence : said}` : '.'}${advice ? ` ${redacted(advice)}` : ''}`,
    );
    this.tool = tool;
    this.request = asked;
    this.status = status;
    this.output = said;
  }
}
