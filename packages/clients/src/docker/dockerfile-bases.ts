import { dockerfileEscape, dockerfileInstructions } from './dockerfile.ts';
import { expandWord, splitWords } from './dockerfile-words.ts';

/** An image that a build reads, and the line of the Dockerfile that says so. */
export interface BaseImage {
  /** As the Dockerfile has it, variables filled in. */
  readonly name: string;
  readonly line: number;
  /** True for the image whose layers the built image stands on. */
  readonly below: boolean;
}

export interface BuildPlatform {
  /** Of the daemon, as the Engine API and OCI name it: "amd64", "arm64". */
  readonly architecture: string;
  /** What is built for, such as "linux/arm64"; default: the daemon's. */
  readonly platform?: string;
}

/** A Dockerfile whose images cannot be told: BuildKit does not take it either. */
export class DockerfileError extends Error {
  override readonly name = 'DockerfileError';
  readonly line: number;

  constructor(line: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.line = line;
  }
}

/** A target that is no stage of the Dockerfile. */
export class NoTarget extends DockerfileError {}

interface Source {
  readonly name: string;
  readonly line: number;
}

interface Stage {
  readonly name: string | undefined;
  readonly line: number;
  readonly base: string;
  /** The stage that `base` names. */
  readonly parent: Stage | undefined;
  /** `COPY --from` and `RUN --mount=from=`. */
  readonly sources: Source[];
  /** Those of its ONBUILD, which are of the stages that build on it. */
  readonly onBuild: Source[];
}

/**
 * The images that a build of a stage reads: those of FROM, `COPY --from` and `RUN --mount=from`, with ARG defaults, the
 * given arguments and BuildKit's platform arguments filled in, as `dockerfile2llb` of BuildKit does. Stages that it
 * does not need, stages of the same file and `scratch` are left out. What an ONBUILD of another image brings is not in the Dockerfile.
 * @param target name of the stage; default the last one
 * @throws DockerfileError for a FROM or an ARG that BuildKit does not take, and for a target that is not there
 */
export function baseImages(
  source: string,
  buildArguments: Readonly<Record<string, string>>,
  platform: BuildPlatform,
  target?: string,
): readonly BaseImage[] {
  const stages = readStages(source, buildArguments, platform, target);
  const byName = new Map(stages.flatMap(stage => (stage.name === undefined ? [] : [[stage.name, stage]])));
  const images = new Map<string, BaseImage>();
  const seen = new Set<Stage>();
  const read = ({ name, line }: Source, below: boolean): void => {
    if (name !== 'scratch' && !images.has(name)) images.set(name, { name, line, below });
  };
  const visit = (stage: Stage, below: boolean): void => {
    if (seen.has(stage)) return;
    seen.add(stage);
    if (stage.parent) visit(stage.parent, below);
    else read({ name: stage.base, line: stage.line }, below);
    for (const image of stage.sources) {
      const from = /^\d+$/.test(image.name) ? stages[Number(image.name)] : byName.get(image.name.toLowerCase());
      if (from) visit(from, false);
      else read(image, false);
    }
  };
  const built = target === undefined ? stages.at(-1) : byName.get(target.toLowerCase());
  if (built) visit(built, true);
  else if (target !== undefined) throw new NoTarget(1, `target stage "${target}" could not be found`);
  return [...images.values()].sort((a, b) => a.line - b.line);
}

function readStages(
  source: string,
  buildArguments: Readonly<Record<string, string>>,
  platform: BuildPlatform,
  target: string | undefined,
): readonly Stage[] {
  const escape = dockerfileEscape(source);
  const instructions = dockerfileInstructions(source);
  const stages: Stage[] = [];
  const named = new Map<string, Stage>();
  const variables = platformArguments(
    platform,
    target ?? lastStage(instructions.map(({ text }) => text)),
    buildArguments,
  );
  for (const { line, text } of instructions) {
    const [keyword = '', ...words] = splitWords(text, escape);
    const stage = stages.at(-1);
    switch (keyword.toUpperCase()) {
      case 'ARG':
        if (!stage) setArguments(words, variables, buildArguments, expandAt(line, escape));
        break;
      case 'FROM': {
        const [from = '', , name] = words.slice(flagsOf(words, escape).length);
        const base = expandAt(line, escape)(from, variables);
        if (base === '') throw new DockerfileError(line, `base name (${from}) should not be blank`);
        const parent = named.get(base);
        const sources = [...(parent?.onBuild ?? [])];
        const made = { name: name?.toLowerCase(), line, base, parent, sources, onBuild: [] };
        stages.push(made);
        if (made.name !== undefined) named.set(made.name, made);
        break;
      }
      case 'ONBUILD':
        stage?.onBuild.push(...sourcesOf(words, line, escape));
        break;
      default:
        stage?.sources.push(...sourcesOf([keyword, ...words], line, escape));
    }
  }
  return stages;
}

/** The flags of an instruction, before its other words or `--`; quotes and escapes are none of their value. */
function flagsOf(words: readonly string[], escape: string): readonly string[] {
  const end = words.findIndex(word => !word.startsWith('--') || word === '--');
  return words.slice(0, end < 0 ? words.length : end).map(flag => flag.replace(/["']/g, '').replaceAll(escape, ''));
}

function sourcesOf([keyword = '', ...words]: readonly string[], line: number, escape: string): Source[] {
  const pattern = { COPY: /^--from=(.+)$/i, RUN: /^--mount=(?:.*,)?from=([^,]+)/i }[keyword.toUpperCase()];
  return flagsOf(words, escape).flatMap(flag => {
    const name = pattern?.exec(flag)?.[1];
    return name === undefined ? [] : [{ name, line }];
  });
}

type Expand = (word: string, variables: ReadonlyMap<string, string>) => string;

function expandAt(line: number, escape: string): Expand {
  return (word, variables) => {
    try {
      return expandWord(word, variables, escape);
    } catch (error) {
      throw new DockerfileError(line, `failed to process "${word}": ${(error as Error).message}`, error);
    }
  };
}

function setArguments(
  words: readonly string[],
  variables: Map<string, string>,
  given: Readonly<Record<string, string>>,
  expand: Expand,
): void {
  for (const word of words) {
    const [, name = word, text] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    const value = given[name] ?? (text === undefined ? undefined : expand(text, variables));
    if (value !== undefined) variables.set(name, value);
  }
}

/** BuildKit's arguments of the global scope, for a build on one platform and for one. */
function platformArguments(
  { architecture, platform }: BuildPlatform,
  stage: string | undefined,
  given: Readonly<Record<string, string>>,
): Map<string, string> {
  const variables = new Map<string, string>();
  const own = `linux/${architecture}`;
  for (const [side, made] of [
    ['BUILD', own],
    ['TARGET', platform ?? own],
  ] as const) {
    variables.set(`${side}PLATFORM`, made);
    variables.set(`${side}OS`, 'linux');
    variables.set(`${side}OSVERSION`, '');
    variables.set(`${side}ARCH`, made.replace('linux/', ''));
    variables.set(`${side}VARIANT`, '');
  }
  variables.set('TARGETSTAGE', stage ?? 'default');
  for (const name of variables.keys()) if (given[name] !== undefined) variables.set(name, given[name]);
  return variables;
}

function lastStage(instructions: readonly string[]): string | undefined {
  const last = instructions.findLast(text => /^FROM\s/i.test(text));
  return /\sAS\s+(\S+)\s*$/i.exec(last ?? '')?.[1]?.toLowerCase();
}

/** The line that reads the image of BuildKit's step "[internal] load metadata for …"; undefined for another step. */
export function metadataLine(step: string, bases: () => readonly BaseImage[]): number | undefined {
  const image = metadataStep.exec(step)?.[1];
  return image === undefined ? undefined : bases().find(({ name }) => fullImageName(name) === image)?.line;
}

/** The step in which BuildKit asks for the configuration of an image, and its full name. */
export const metadataStep = /^\[(?:\S+ )?internal\] load metadata for (\S+)$/;

/** The name by which BuildKit knows an image: with registry, namespace and tag, as `ParseNormalizedNamed` of distribution/reference gives it. */
export function fullImageName(name: string): string {
  const first = name.split('/', 1)[0] ?? '';
  // no namespace of Docker Hub has capital letters
  const hosted = first !== name && (/[.:A-Z]/.test(first) || first === 'localhost');
  const onHub = /^(?:index\.)?docker\.io$/.test(first) ? name.slice(first.length + 1) : hosted ? undefined : name;
  const path = onHub === undefined ? name : `docker.io/${onHub.includes('/') ? '' : 'library/'}${onHub}`;
  return /@|:[^/]*$/.test(path.slice(path.indexOf('/'))) ? path : `${path}:latest`;
}
