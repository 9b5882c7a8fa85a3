/** What every kind of part gets to be made in. */
export interface Builder {
  /** Empty folder that becomes the part; renamed into its place when complete. */
  readonly target: string;
  /** Folder for what need not be kept. Removed afterwards. */
  readonly scratch: string;
  /** Folder that outlives the build, shared by parts of one kind (apt's lists). */
  readonly shared: string;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** Versions of what went in, for the manifest. */
export type Versions = Readonly<Record<string, string>>;
