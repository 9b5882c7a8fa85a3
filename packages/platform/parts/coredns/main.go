// Command coredns is CoreDNS with the plugins that a cluster without a way out needs, and no others: names of Services
// and Pods from the Kubernetes API, answers kept for a short while, health and readiness, metrics, errors.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
)

func main() {
	// CoreDNS's own order of plugins, less those that are not compiled in: a query goes through them from left to right.
	dnsserver.Directives = []string{"reload", "health", "ready", "prometheus", "errors", "cache", "kubernetes"}
	coremain.Run()
}
