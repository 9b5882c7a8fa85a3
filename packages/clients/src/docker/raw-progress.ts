import type { BuildStatus } from './buildkit-messages.ts';

/** `SolveStatus` of BuildKit's client (client/graph.go), as `--progress rawjson` prints one a line; what is empty is left out. */
interface SolveStatus {
  readonly vertexes?: readonly {
    readonly digest: string;
    readonly name?: string;
    readonly cached?: boolean;
    readonly started?: string;
    readonly completed?: string;
    readonly error?: string;
  }[];
  readonly logs?: readonly { readonly vertex: string; readonly stream?: number; readonly data?: string }[];
}

/** What a line of `docker buildx build --progress rawjson` says, or undefined for a line that is for people. */
export function rawStatus(line: string): BuildStatus | undefined {
  if (!line.startsWith('{')) return undefined;
  let status: SolveStatus;
  try {
    status = JSON.parse(line) as SolveStatus;
  } catch {
    return undefined;
  }
  return {
    vertexes: (status.vertexes ?? []).map(({ digest, name = '', cached = false, started, completed, error = '' }) => ({
      digest,
      name,
      cached,
      started: started !== undefined,
      completed: completed !== undefined,
      error,
    })),
    logs: (status.logs ?? []).map(({ vertex, stream = 0, data = '' }) => ({
      vertex,
      stream,
      bytes: Buffer.from(data, 'base64'),
    })),
  };
}
