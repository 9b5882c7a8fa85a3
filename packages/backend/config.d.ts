export interface Config {
  fairway?: {
    /** Who may do what. Both lists hold entity references of users and groups; "*" is everybody who is signed in. */
    permissions: {
      /** They see services, deliveries, deployments, capacity, alerts and the catalog. Who is in neither list sees nothing. */
      readers: string[];
      /** They may also change something: silence and acknowledge alerts, create services, start deliveries. */
      operators: string[];
    };
  };
}
