// Command envoy-gateway is Envoy Gateway at the version go.mod names, started as its own command starts it. A main
// package of our own puts every dependency under our go.sum, so the build is verified without a copy of the module.
package main

import (
	"fmt"
	"os"

	"github.com/envoyproxy/gateway/cmd/envoy-gateway/root"
	ctrl "sigs.k8s.io/controller-runtime"
)

func main() {
	if err := root.GetRootCommand(nil).ExecuteContext(ctrl.SetupSignalHandler()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
