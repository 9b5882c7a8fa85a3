// The modules that hold the custom resources and operators which templates/inference-platform/upstream names. Nothing of them is compiled.
module fairway.dev/upstream

go 1.26.7

require (
	github.com/elastic/cloud-on-k8s/v2 v2.16.1
	github.com/prometheus-operator/prometheus-operator v0.85.0
	istio.io/istio v0.0.0-20260827124520-eed52ebb66ad
)
