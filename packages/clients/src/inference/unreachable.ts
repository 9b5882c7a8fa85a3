import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

/** What to do where a connection to an inference endpoint did not come about, by the code of the error. */
export function connectionAdvice(code: string | undefined): Reason {
  if (code === 'CERT_HAS_EXPIRED') return reasonOf('endpoint.expired');
  if (/CERT|SIGNATURE/.test(code ?? '')) return reasonOf('endpoint.certificate');
  if (code === 'EPROTO') return reasonOf('endpoint.noTls');
  return reasonOf('endpoint.check');
}
