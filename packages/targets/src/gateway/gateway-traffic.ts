/**
 * PromQL of counters that say how the users of one version fare: vectors, a series for each replica of the gateway, since one that begins anew
 * must not hide what the others counted.
 */
export interface VersionTraffic {
  /** Requests that were answered, by the version or, for want of an answer of it, by the gateway. */
  readonly answers: string;
  /** Of these, with a status of 500 and over, or with 429, which a version sends when it is overloaded. */
  readonly errors: string;
  /** Of answers and errors, 429 of the gateway's own limits of tokens: Envoy counts them with those of the version that they would have gone to. */
  readonly limited: string;
  /** Of these, with 503: what the gateway itself says where a connection ended before there was an answer. */
  readonly unanswered: string;
  /** Connections that the version closed with a request on them: answers that ended in the middle, or never began, which are `unanswered` too. */
  readonly broken: string;
  /** Requests that are being answered, in all. */
  readonly open: string;
}

/** Users' requests to one service, as the gateway counts them. */
export interface ServiceTraffic {
  /** PromQL of a sum of rates over a window such as `5m`. */
  bad(window: string): string;
  all(window: string): string;
  /** Matcher of everything that the gateway counts for the service, requests of tests too. */
  readonly selector: string;
  /** Series that a proxy has as long as it serves the service, with or without requests, and one of them for tests of rules. */
  readonly served: { readonly series: string; readonly example: string };
  /** Histogram of whole answers, in milliseconds, with the matcher of users' requests for completions. */
  readonly duration: {
    readonly metric: string;
    readonly selector: string;
    /** Labels of one series of it, for tests of rules. */
    readonly example: string;
  };
  /** Series of requests that end well or badly, one each a minute, for tests of rules. */
  readonly tests: {
    readonly good: string;
    readonly bad: string;
    /** Those that count an answer of 429, and the one that counts it too where it is the gateway's own limit. */
    readonly tooMany: readonly string[];
    readonly limited: string;
  };
}

/** PromQL of what the proxies of a gateway say about their certificates and about the keys that tokens are verified with. */
export interface GatewayHealth {
  /** Days until the first certificate of any proxy ends, but for those that it has in a mesh. */
  readonly certificateDays: string;
  /** Seconds until the certificate of any proxy in a mesh ends. */
  readonly meshCertificateSeconds: string;
  /** Downloads of an issuer's keys that failed and that ended well, over a window such as `15m`. */
  keyDownloads(window: string): { readonly failed: string; readonly ended: string };
  /** Series for tests of rules. */
  readonly tests: {
    /** Of a certificate that counts, with its value where that ends so many days after a second of the test's clock. */
    certificate(days: number, second: number): { readonly series: string; readonly value: number };
    /** Says that some certificate ends now, which one of a mesh always does soon. */
    readonly anyCertificate: string;
    readonly listenerCertificate: string;
    /** Of a certificate of the mesh, with its value where that ends so many seconds after one of the test's clock. */
    meshCertificate(seconds: number, second: number): { readonly series: string; readonly value: number };
    readonly failed: string;
    readonly ended: string;
  };
}

/** PromQL of answers of 429 that are a version's own, which is overload: Envoy counts those of the gateway's limits of tokens with them. */
export function onlyOverload(tooMany: string, limited: string): string {
  return `clamp_min(${tooMany} - ${limited}, 0)`;
}

/**
 * PromQL of connections that ended in the middle of an answer: those that ended before it have a 503 of the gateway and stand with the errors.
 * A version that also sends 503 itself hides as many, no more.
 */
export function onlyBroken(broken: string, unanswered: string): string {
  return `(clamp_min(${broken} - ${unanswered}, 0) or vector(0))`;
}
