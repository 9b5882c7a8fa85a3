import { storedSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import { errorReason, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { prometheus } from '@fairway/clients/prometheus/index';
import type { HttpLogin } from '@fairway/clients/http-login';
import { ruler } from '@fairway/clients/ruler/index';
import { ToolError } from '@fairway/clients/tool-error';
import { rulerNamespace } from '@fairway/targets/metrics/ruler-rules';

export interface MetricsAnswer {
  /** Why `monitor` and `release` could not ask, as a paragraph. */
  readonly missing?: Reason;
  /** What may be in their way, as a paragraph. */
  readonly unknown?: string;
}

interface MetricsInputs {
  readonly 'prometheus-url'?: string;
  readonly 'ruler-url'?: string;
}

/**
 * Whether what `monitor` and `release` ask lets this side in. Without an address that is not asked. One that does not answer at all may do so
 * when it is needed, and a delivery goes on without it; one that answers with no will not.
 */
export async function metricsMissing(
  inputs: MetricsInputs,
  login: HttpLogin,
  service: Service,
  signal: AbortSignal,
): Promise<MetricsAnswer> {
  const { 'prometheus-url': url, 'ruler-url': rulerUrl } = inputs;
  const series = storedSeries(service);
  const labels = Object.entries(series.labels).map(([name, value]) => `${name}="${value}"`);
  try {
    if (rulerUrl) await ruler(rulerUrl, signal, login).groups(rulerNamespace(service, series));
    if (!url) return {};
    const found = await prometheus(url, signal, login).query(
      labels.length > 0 ? `count(${series.of('up')})` : 'vector(1)',
    );
    if (found.length > 0) return {};
    return {
      unknown: `The store at prometheus-url has no series with ${labels.join(', ')} yet (monitoring.labels): nothing in that cluster sends what it scrapes there, or the labels are others. Then monitor ends without seeing the service.`,
    };
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    const what = error.tool === 'ruler' ? 'The ruler' : 'Prometheus';
    if (mayAnswerLater(error))
      return { unknown: `${what} does not answer now; monitor and release ask again. ${error.message}` };
    const asked = error.tool === 'ruler' ? reasonOf('metrics.ruler') : what;
    return { missing: reasonOf('metrics.denied', { what: asked, words: errorReason(error) }) };
  }
}

/** Whether the address gave no answer, or one that says that it cannot answer now. */
function mayAnswerLater({ tool, status, said }: ToolError): boolean {
  if (tool !== 'prometheus' && tool !== 'ruler') return false;
  if (typeof status === 'number') return status === 429 || status >= 500;
  return typeof said === 'string' || said.code !== 'prometheus.noAnswer';
}
