import type { StageContext, WorkflowOrigin } from '@fairway/stage';
import { jobToken } from './sign.ts';
import type { JobTokenInputs } from './sign.ts';

interface Dependency {
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
}

interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest?: Readonly<Record<string, string>> }[];
  readonly predicate: {
    readonly buildDefinition: { readonly resolvedDependencies: readonly Dependency[] };
    readonly runDetails: { readonly metadata?: object };
  };
}

/** The run of GitHub that pushes, as the provenance names it. */
export interface PushingRun extends Pick<WorkflowOrigin, 'repository' | 'ref' | 'commit'> {
  /** Address of the workflow whose job this is, and behind @ its ref. */
  readonly builder: string | undefined;
  /** Address of the run. */
  readonly invocation: string | undefined;
}

/**
 * The provenance that `build` wrote, stated of the image that is pushed. Where that was patched or made smaller since, the built
 * image becomes a by-product. Commit and builder are those of the run that pushes, where there is one: the job that builds runs code of others,
 * and what it says of itself is no proof.
 */
export function pushedProvenance(statement: string, name: string, digest: string, run?: PushingRun): string {
  const built = JSON.parse(statement) as Statement;
  const sha256 = digest.slice('sha256:'.length);
  const byproducts = built.subject.filter(subject => subject.digest?.['sha256'] !== sha256);
  const { buildDefinition, runDetails } = built.predicate;
  return JSON.stringify(
    {
      ...built,
      subject: [{ name, digest: { sha256 } }],
      predicate: {
        buildDefinition: run ? { ...buildDefinition, ...dependenciesOf(buildDefinition, run) } : buildDefinition,
        runDetails: {
          ...runDetails,
          ...(run?.builder ? { builder: { id: run.builder } } : {}),
          ...(run?.invocation ? { metadata: { ...runDetails.metadata, invocationId: run.invocation } } : {}),
          ...(byproducts.length ? { byproducts } : {}),
        },
      },
    },
    null,
    2,
  );
}

/** The commit comes first, and in the form, in which SLSA's build type of GitHub has it (slsa-framework/github-actions-buildtypes, workflow/v1). */
function dependenciesOf({ resolvedDependencies }: Statement['predicate']['buildDefinition'], run: PushingRun) {
  const commit = { uri: `git+${run.repository}@${run.ref}`, digest: { gitCommit: run.commit } };
  return {
    resolvedDependencies: [commit, ...resolvedDependencies.filter(({ digest }) => digest?.['gitCommit'] === undefined)],
  };
}

/**
 * The run that pushes; undefined on a command line. Which workflow the job is of stands in the token by which the job proves who it is
 * (claim `job_workflow_ref`): a job of a reusable workflow has no other way to know. A job that may not ask names the workflow that was started.
 */
export async function pushingRun(
  inputs: JobTokenInputs,
  { origin, run, signal }: Pick<StageContext, 'origin' | 'run' | 'signal'>,
): Promise<PushingRun | undefined> {
  if (!origin) return undefined;
  const job = inputs['id-token-request'] ? workflowOf(await jobToken(inputs, 'fairway', signal)) : undefined;
  const server = new URL(origin.repository).origin;
  return {
    ...{ repository: origin.repository, ref: origin.ref, commit: origin.commit },
    builder: job === undefined ? origin.workflow : `${server}/${job}`,
    invocation: run,
  };
}

function workflowOf(token: string): string | undefined {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return (JSON.parse(claims) as { job_workflow_ref?: string }).job_workflow_ref;
}
