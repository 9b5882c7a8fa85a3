/** What to do where a connection to an inference endpoint did not come about, by the code of the error. */
export function connectionAdvice(code: string | undefined): string {
  if (code === 'CERT_HAS_EXPIRED') return 'The certificate of the server has expired: renew it.';
  if (/CERT|SIGNATURE/.test(code ?? ''))
    return 'The certificate of the server is not trusted here, or is for another name: give its authority to Node with NODE_EXTRA_CA_CERTS, or use the name that it has.';
  if (code === 'EPROTO') return 'The server does not speak TLS there: use http:// or its port with TLS.';
  return 'Check that the server runs and that the address is right.';
}
