/** What the daemon wrote into the stream of a build that it had accepted. */
export class StepFailure extends Error {}
