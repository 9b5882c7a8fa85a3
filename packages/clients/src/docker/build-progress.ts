import { StringDecoder } from 'node:string_decoder';
import { decodeBuildStatus } from './buildkit-messages.ts';
import type { BuildStatus } from './buildkit-messages.ts';
import { metadataStep } from './dockerfile-bases.ts';
import type { StreamEvent } from './stream-events.ts';

const kept = 20;

interface Step {
  name: string;
  cached: boolean;
  begun: boolean;
  error: string;
  lastLines: string[];
  /** Lines without an end yet, by stream. */
  readonly open: Map<number, { readonly decoder: StringDecoder; rest: string }>;
}

/** Reading a cache fails before there is one, and the build goes on; one that cannot be written is no fault of a Dockerfile. */
const cacheStep = /^(importing|exporting) cache /;

/** Follows the steps of one build from the daemon's events and tells them line by line. */
export class BuildProgress {
  readonly #steps = new Map<string, Step>();
  readonly #tell: (line: string) => void;
  readonly #hide: (text: string) => string;

  /** @param hide takes out of what steps print what nobody may read */
  constructor(tell: (line: string) => void = () => undefined, hide: (text: string) => string = text => text) {
    this.#tell = tell;
    this.#hide = hide;
  }

  take(event: StreamEvent): void {
    if (event.id !== 'moby.buildkit.trace' || typeof event.aux !== 'string') return;
    this.follow(decodeBuildStatus(event.aux));
  }

  follow(status: BuildStatus): void {
    for (const vertex of status.vertexes) {
      const step = this.#step(vertex.digest);
      if (vertex.name) step.name = vertex.name;
      if (vertex.error) step.error = vertex.error;
      if (vertex.cached && !step.cached) {
        step.cached = true;
        this.#tell(`${step.name} (cached)`);
      } else if (vertex.started && !step.begun && !vertex.cached) {
        step.begun = true;
        this.#tell(step.name);
      }
    }
    for (const { vertex, stream, bytes } of status.logs) {
      const step = this.#step(vertex);
      const open = step.open.get(stream) ?? { decoder: new StringDecoder('utf8'), rest: '' };
      step.open.set(stream, open);
      const lines = (open.rest + open.decoder.write(bytes)).split('\n');
      open.rest = lines.pop() ?? '';
      for (const line of lines) this.#print(step, line);
    }
    for (const { digest, completed } of status.vertexes)
      if (completed)
        for (const open of this.#step(digest).open.values()) {
          this.#print(this.#step(digest), open.rest);
          open.rest = '';
        }
  }

  #print(step: Step, line: string): void {
    // carriage returns redraw a progress bar: only its last state is worth a line
    const text = line.split('\r').at(-1)?.trimEnd();
    if (!text) return;
    const shown = this.#hide(text);
    step.lastLines.push(shown);
    if (step.lastLines.length > kept) step.lastLines.shift();
    this.#tell(shown);
  }

  /** The step that failed, with the last lines it printed. */
  failed(): { readonly name: string; readonly lastLines: readonly string[] } | undefined {
    return [...this.#steps.values()].find(
      ({ name, error }) => error && !/context canceled$/.test(error) && !cacheStep.test(name),
    );
  }

  /** Steps of the Dockerfile (BuildKit's own are named "[internal] …") and how many were cached. */
  counts(): { readonly steps: number; readonly cached: number } {
    const own = [...this.#steps.values()].filter(step => /^\[(?!internal)/.test(step.name));
    return { steps: own.length, cached: own.filter(step => step.cached).length };
  }

  /**
   * The images that the build read. BuildKit loads the metadata of each and names it again, by digest where it resolved one, when
   * it reads it; older ones do only the second for COPY --from.
   */
  bases(): readonly { readonly name: string; readonly digest?: string }[] {
    const names = [...this.#steps.values()].map(step => step.name);
    const found = new Map<string, string | undefined>();
    for (const name of names.flatMap(step => metadataStep.exec(step)?.[1] ?? []))
      found.set(name, /@(sha256:[0-9a-f]{64})$/.exec(name)?.[1]);
    for (const step of names) {
      const [, name = '', digest] = /^(?:\[[^\]]*\] )?FROM ([^@\s]+)(?:@(sha256:[0-9a-f]{64}))?$/.exec(step) ?? [];
      if (name && !found.has(`${name}@${digest}`)) found.set(name, digest);
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, digest]) => ({ name, ...(digest ? { digest } : {}) }));
  }

  #step(digest: string): Step {
    let step = this.#steps.get(digest);
    if (!step)
      this.#steps.set(
        digest,
        (step = { name: '', cached: false, begun: false, error: '', lastLines: [], open: new Map() }),
      );
    return step;
  }
}
