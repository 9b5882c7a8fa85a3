import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { NavContentComponentProps } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import { RiMenuLine, RiSearchLine } from '@remixicon/react';
import { portalTranslationRef } from '../translation/portal-translation.ts';
import { PortalLogo } from './portal-logo.tsx';

/** Fairway first, since the services are what people come for. */
export function PortalSidebar({ navItems }: NavContentComponentProps) {
  const { t } = useTranslationRef(portalTranslationRef);
  const items = navItems.withComponent(({ icon, href, title }) => (
    <SidebarItem icon={() => icon} to={href} text={title} />
  ));
  // the first two have a place of their own below, the graph is opened from an entity
  items.take('page:search');
  items.take('page:notifications');
  items.take('page:catalog-graph');
  return (
    <Sidebar>
      <PortalLogo />
      <SidebarGroup label={t('search')} icon={<RiSearchLine />} to="/search">
        <SidebarSearchModal />
      </SidebarGroup>
      <SidebarDivider />
      <SidebarGroup label={t('menu')} icon={<RiMenuLine />}>
        {items.take('page:fairway')}
        {items.take('page:catalog')}
        {items.take('page:scaffolder')}
        <SidebarDivider />
        <SidebarScrollWrapper>{items.rest({ sortBy: 'title' })}</SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <NotificationsSidebarItem text={t('notifications')} />
      <SidebarDivider />
      <SidebarGroup label={t('settings')} icon={<UserSettingsSignInAvatar />} to="/settings">
        {items.take('page:user-settings')}
      </SidebarGroup>
    </Sidebar>
  );
}
