package main

import (
	"fmt"
	"net"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// arrangeNetwork brings up loopback and the bridge with the sandbox's address. The default route ends at that bridge: there is no way out
// but through the forwards, yet programs that look for "the node's address" by its default route find it.
func arrangeNetwork(network *Network) error {
	if err := unix.Sethostname([]byte(network.Hostname)); err != nil {
		return fmt.Errorf("hostname: %w", err)
	}
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	if err := netlink.LinkSetUp(loopback); err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: network.Bridge}}
	if err := netlink.LinkAdd(bridge); err != nil {
		return fmt.Errorf("bridge %s (the kernel needs the bridge module): %w", network.Bridge, err)
	}
	address, err := netlink.ParseAddr(network.Address)
	if err != nil {
		return fmt.Errorf("address %q: %w", network.Address, err)
	}
	if err := netlink.AddrAdd(bridge, address); err != nil {
		return err
	}
	if err := netlink.LinkSetUp(bridge); err != nil {
		return err
	}
	everywhere := &net.IPNet{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}
	if err := netlink.RouteAdd(&netlink.Route{LinkIndex: bridge.Attrs().Index, Scope: netlink.SCOPE_LINK, Dst: everywhere}); err != nil {
		return fmt.Errorf("default route: %w", err)
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil {
		return err
	}
	// Services between pods of one node need it; it is there only with the br_netfilter module.
	err = os.WriteFile("/proc/sys/net/bridge/bridge-nf-call-iptables", []byte("1"), 0o644)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}
