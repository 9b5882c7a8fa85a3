// Stands in for make-fetch-happen in the bundles of the actions and in the tests: its cache, proxies and character sets are 900 kB
// of what a run downloads, for the few requests by which Sigstore's clients get a certificate, an entry in the log and a trusted root.
module.exports = (url, { method, headers, body, timeout } = {}) =>
  fetch(url, { method, headers, body, signal: timeout ? AbortSignal.timeout(timeout) : undefined });
