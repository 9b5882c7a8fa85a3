// Command ratelimit is Envoy's global rate limit service: it counts in Redis, so that limits hold over all replicas of the
// gateway. Envoy Gateway starts it and tells it the limits.
package main

import (
	"github.com/envoyproxy/ratelimit/src/service_cmd/runner"
	"github.com/envoyproxy/ratelimit/src/settings"
)

func main() {
	r := runner.NewRunner(settings.NewSettings())
	r.Run()
}
