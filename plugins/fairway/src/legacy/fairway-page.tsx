import { Header, Page, TabbedLayout } from '@backstage/core-components';
import { AlertsPage } from '../alerts/alerts-page.tsx';
import { CapacityPage } from '../capacity/capacity-page.tsx';
import { DeploymentsPage } from '../deployments/deployments-page.tsx';
import { EnginesPage } from '../engines/engines-page.tsx';
import { HomePage } from '../home/home-page.tsx';
import { ServicesPage } from '../services/services-page.tsx';
import { UsagePage } from '../usage/usage-page.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';

/** The pages as tabs of one, with the header that older portals expect pages to bring. @public */
export function FairwayPage() {
  const { t } = useFairwayText();
  return (
    <Page themeId="tool">
      <Header title="Fairway" />
      <TabbedLayout>
        <TabbedLayout.Route path="/home" title={t('home.title')}>
          <HomePage />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/services" title={t('services.title')}>
          <ServicesPage />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/deployments" title={t('deployments.title')}>
          <DeploymentsPage />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/gpu" title={t('gpu.title')}>
          <CapacityPage />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/alerts" title={t('alerts.title')}>
          <AlertsPage />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/usage" title={t('usage.title')}>
          <UsagePage />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/engines" title={t('engines.title')}>
          <EnginesPage />
        </TabbedLayout.Route>
      </TabbedLayout>
    </Page>
  );
}
