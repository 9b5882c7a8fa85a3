import { Link, sidebarConfig, useSidebarOpenState } from '@backstage/core-components';
import { RiShipLine } from '@remixicon/react';

/** Name of the portal at the head of the side bar; the mark alone when the bar is narrow. */
export function PortalLogo() {
  const { isOpen } = useSidebarOpenState();
  return (
    <Link
      to="/"
      underline="none"
      aria-label="Fairway"
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 12,
        flexShrink: 0,
        height: sidebarConfig.logoHeight,
        margin: '12px 0',
        paddingLeft: (sidebarConfig.drawerWidthClosed - logoSize) / 2,
        color: '#fff',
        fontFamily: 'var(--bui-font-regular)',
        fontSize: 20,
        fontWeight: 600,
      }}
    >
      <RiShipLine size={logoSize} aria-hidden />
      {isOpen && 'Fairway'}
    </Link>
  );
}

const logoSize = 28;
