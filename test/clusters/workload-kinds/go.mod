// The modules that hold the custom resources which run pods in the place of Deployments. Nothing of them is compiled.
module fairway.dev/workload-kinds

go 1.26.7

require (
	github.com/argoproj/argo-rollouts v1.10.1
	github.com/kserve/kserve v0.20.0
	sigs.k8s.io/lws v0.7.0
)
