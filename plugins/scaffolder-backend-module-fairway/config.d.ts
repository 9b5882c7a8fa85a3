export interface Config {
  fairway?: {
    /** Where Create puts a new service when it is not published to GitHub: on the machine that runs the portal. */
    localServices?: {
      /** Folder that gets one Git repository per service; an absolute path. */
      folder: string;
    };
    /** How the action fairway:deliver delivers a service. Without it the action refuses to run. */
    deliver?: {
      /**
       * The command as its words, without a shell; the service's folder, `--json` and the options below are put behind it.
       * @example ["sh", "bin/run", "packages/cli/src/main.ts", "deliver"]
       */
      command: string[];
      /** Folder in which the command runs; an absolute path. */
      directory: string;
      /**
       * Where it delivers to: `local` is the platform of this machine, which the command brings up when it is down;
       * `context` is the Kubernetes context named below.
       */
      target: 'local' | 'context';
      /** Context of the kubeconfig, always named and never the current one. */
      context?: string;
      /** Further arguments, such as --registry and --gateway for a cluster of your own. */
      arguments?: string[];
    };
  };
}
