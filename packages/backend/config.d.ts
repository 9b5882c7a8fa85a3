export interface Config {
  fairway?: {
    /** Who may do what. The lists hold entity references of users and groups; "*" is everybody who is signed in. */
    permissions: {
      /** They see services, deliveries, deployments, capacity, alerts and the catalog. Who is in no list sees nothing. */
      readers: string[];
      /** They may also change something: silence and acknowledge alerts, create services, start deliveries. */
      operators: string[];
      /** They see the services that they or their groups own and may change those, and create services. Default: nobody. */
      owners?: string[];
    };
  };
}
