import type { JWTPayload } from 'jose';

/** A run of GitHub Actions or GitLab CI, as its token proves it. */
export interface CiRun {
  /** Who alone may change the deliveries of the repository: "github:" or "gitlab:" with its number, which stays when it is renamed. */
  readonly sender: string;
  /** With its owner or its groups, such as `owner/name`. */
  readonly repository: string;
  /** No other repository has it, of either server. */
  readonly repositoryId: string;
  /** What defines the run: its workflow, or its pipeline configuration. */
  readonly workflow: string;
  readonly commit: string;
  /** Address of the run. */
  readonly url: string;
}

/** A server whose runs may store deliveries. */
export interface RunServer {
  /** Name of its product, for sentences. */
  readonly server: 'GitHub' | 'GitLab';
  readonly issuer: string;
  readonly audience: string;
  /** The key of the configuration that names it, below `fairway`. */
  readonly key: string;
  /**
   * The run that the claims of a verified token name.
   * @throws NotAllowedError when the portal does not take deliveries of it
   */
  run(claims: JWTPayload): CiRun;
}
