export interface Config {
  fairway?: {
    /**
     * Ways to sign in that are offered; `guest` alone signs in by itself. It is for a portal on the loopback of one's own
     * machine: the backend does not start with it elsewhere. Default: github.
     * @deepVisibility frontend
     */
    signIn?: Array<'guest' | 'github'>;
  };
}
