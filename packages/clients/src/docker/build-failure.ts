import { ToolError } from '../tool-error.ts';
import type { BuildRequest } from './build.ts';
import type { BuildProgress } from './build-progress.ts';
import { StepFailure } from './build-step-failure.ts';
import { instructionLine } from './dockerfile.ts';
import { baseImages, metadataLine } from './dockerfile-bases.ts';
import type { BuildPlatform } from './dockerfile-bases.ts';

/** A Dockerfile that could not be built: the user's files are at fault, and mostly the line is known. */
export class BuildError extends ToolError {
  /** Relative to the context folder. */
  readonly dockerfile: string;
  readonly line: number | undefined;

  constructor(request: { tag: string; dockerfile: string }, line: number | undefined, output: string) {
    super('docker', `building ${request.tag} from ${request.dockerfile}${line ? `:${line}` : ''}`, undefined, output);
    this.dockerfile = request.dockerfile;
    this.line = line;
  }
}

/** Reads out of a failed build which line of the Dockerfile failed and what the step printed last. */
export function buildFailure(
  error: unknown,
  source: string,
  request: BuildRequest,
  progress: BuildProgress,
  platform: BuildPlatform,
): unknown {
  const said = error instanceof StepFailure ? error.message : error instanceof ToolError ? error.output : undefined;
  if (said === undefined) return error;
  const step = progress.failed();
  const parseLine = /(?:parse error (?:on )?line|Dockerfile:)\s*(\d+)/i.exec(said)?.[1];
  // a 500 of the daemon that names no place in the Dockerfile is the daemon's
  if (!(error instanceof StepFailure) && parseLine === undefined) return error;
  const line = step
    ? (instructionLine(source, step.name) ??
      metadataLine(step.name, () => baseImages(source, request.arguments ?? {}, platform, request.target)))
    : parseLine === undefined
      ? undefined
      : Number(parseLine);
  return new BuildError(
    request,
    line,
    step?.lastLines.length ? `${step.lastLines.join('\n')}\n${brief(said)}` : brief(said),
  );
}

// the daemon wraps the cause in the stages of its own work
function brief(message: string): string {
  return message.replace(
    /^(failed to solve( with frontend \S+)?: |rpc error: code = \w+ desc = |failed to create LLB definition: )+/,
    '',
  );
}
