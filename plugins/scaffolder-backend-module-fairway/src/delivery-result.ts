import { z } from 'zod';
import type { CommandEnd } from './run-command.ts';

const resultSchema = z.object({
  stages: z.array(
    z.object({
      stage: z.string(),
      verdict: z.enum(['pass', 'fail', 'inconclusive', 'skipped']),
      reason: z.string(),
      outputs: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

export interface DeliveryResult {
  /** Base address of the service at the gateway, when the delivery came that far. */
  readonly url: string | undefined;
  readonly reason: string;
}

/**
 * What `deliver --json` came to.
 * @throws Error with the stage at which it stopped and why
 */
export function deliveryResult(name: string, end: CommandEnd): DeliveryResult {
  const stages = parse(end.output)?.stages ?? [];
  const last = stages.at(-1);
  if (end.status !== 0) {
    const where = last ? `stopped at ${last.stage} (${last.verdict}): ${last.reason}` : `did not begin: ${said(end)}`;
    throw new Error(
      `The delivery of ${name} ${where}\nWhat was finished is kept; once it is corrected, \`fairway deliver\` in its folder goes on from there.`,
    );
  }
  if (!last) {
    throw new Error(
      `The delivery of ${name} ended without a result: ${said(end)} The command of fairway.deliver must be that of \`fairway deliver\`, which writes one with --json.`,
    );
  }
  return { url: stages.findLast(stage => stage.outputs['url'])?.outputs['url'], reason: last.reason };
}

function parse(output: string): z.output<typeof resultSchema> | undefined {
  try {
    return resultSchema.safeParse(JSON.parse(output)).data;
  } catch (error) {
    // no JSON at all: the command failed before its result, and its last lines say why
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function said(end: CommandEnd): string {
  return end.lastLines.length > 0 ? end.lastLines.join('\n') : `it said nothing and ended with ${end.status}.`;
}
