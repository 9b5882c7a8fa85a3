import { withWords } from '@fairway/service/reasons/coded';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { redacted } from './redacted.ts';

/** An outside system failed: what was asked of it, how it ended and the last it said. The user's files are not at fault. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly tool: string;
  readonly request: string;
  readonly status: number | string | undefined;
  readonly output: string;
  /** The same, as a code where it has one. */
  readonly said: Reason | string;
  /** What the message is made of. */
  readonly coded: Reason;

  /**
   * @param tool    name a user knows: "docker", "trivy", "kubernetes", "registry"
   * @param request the whole command line or "METHOD url"; credentials are taken out here and in the other texts
   * @param status  exit code, HTTP status or error code such as ECONNREFUSED
   * @param output  the last lines it wrote, or what is wrong with what it gave
   * @param advice  one sentence that says what to do
   */
  constructor(
    tool: string,
    request: Reason | string,
    status: number | string | undefined,
    output: Reason | string,
    advice?: Reason | string,
  ) {
    const said = withoutCredentials(typeof output === 'string' ? output.trim() : output);
    const asked = withoutCredentials(request);
    const failed = failure(named(tool), asked, status, advice ? ended(said) : said);
    const coded = advice ? reasonOf('list.then', { first: failed, second: withoutCredentials(advice) }) : failed;
    super(english(coded));
    this.coded = coded;
    this.tool = tool;
    this.request = english(asked);
    this.status = status;
    this.output = english(said);
    this.said = said;
  }
}

function withoutCredentials(text: Reason | string): Reason | string {
  return typeof text === 'string' ? redacted(text) : withWords(text, redacted);
}

/** What a program said mostly ends without a stop, and what follows is a sentence of its own. */
function ended(said: Reason | string): Reason | string {
  const text = english(said);
  if (text === '' || /[.!?)\]}"']$/.test(text)) return said;
  return typeof said === 'string' ? `${said}.` : reasonOf('stage.ended', { sentence: said });
}

/** By the code of what is called by a common noun; programs and products have one name in every language. */
const nouns = {
  engine: 'outside.engine',
  gateway: 'outside.gateway',
  'inference endpoint': 'outside.inferenceEndpoint',
  issuer: 'outside.issuer',
  'log store': 'outside.logStore',
  'model hub': 'outside.modelHub',
  portal: 'outside.portal',
  registry: 'outside.registry',
  'token command': 'outside.tokenCommand',
  'token endpoint': 'outside.tokenEndpoint',
} as const;

function named(tool: string): Reason | string {
  return Object.hasOwn(nouns, tool) ? reasonOf(nouns[tool as keyof typeof nouns]) : tool;
}

function failure(
  tool: Reason | string,
  request: Reason | string,
  status: number | string | undefined,
  said: Reason | string,
): Reason {
  if (status === undefined) {
    if (said === '') return reasonOf('tool.failed', { tool, request });
    if (typeof said === 'string') return reasonOf('tool.failedSaying', { tool, request, words: said });
    return reasonOf('tool.failedSo', { tool, request, sentence: said });
  }
  if (said === '') return reasonOf('tool.ended', { tool, request, status });
  if (typeof said === 'string') return reasonOf('tool.endedSaying', { tool, request, status, words: said });
  return reasonOf('tool.endedSo', { tool, request, status, sentence: said });
}
