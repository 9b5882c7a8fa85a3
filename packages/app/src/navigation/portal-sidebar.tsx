import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import type { NavContentComponentProps } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import { RiMenuLine, RiSearchLine } from '@remixicon/react';
import { PortalLogo } from './portal-logo.tsx';

/** Fairway first, since the services are what people come for. */
export function PortalSidebar({ navItems }: NavContentComponentProps) {
  const items = navItems.withComponent(item => <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />);
  // the first two have a place of their own below, the graph is opened from an entity
  items.take('page:search');
  items.take('page:notifications');
  items.take('page:catalog-graph');
  return (
    <Sidebar>
      <PortalLogo />
      <SidebarGroup label="Search" icon={<RiSearchLine />} to="/search">
        <SidebarSearchModal />
      </SidebarGroup>
      <SidebarDivider />
      <SidebarGroup label="Menu" icon={<RiMenuLine />}>
        {items.take('page:fairway')}
        {items.take('page:catalog')}
        {items.take('page:scaffolder')}
        <SidebarDivider />
        <SidebarScrollWrapper>{items.rest({ sortBy: 'title' })}</SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <NotificationsSidebarItem />
      <SidebarDivider />
      <SidebarGroup label="Settings" icon={<UserSettingsSignInAvatar />} to="/settings">
        {items.take('page:user-settings')}
      </SidebarGroup>
    </Sidebar>
  );
}
