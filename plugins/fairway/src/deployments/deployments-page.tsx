import { Page } from '../view/page.tsx';
import { Deployments } from './deployments.tsx';

/** What runs where, of all services. */
export function DeploymentsPage() {
  return (
    <Page>
      <Deployments />
    </Page>
  );
}
