// The module that holds the custom resources of Kueue. Nothing of it is compiled.
module fairway.dev/kueue

go 1.26.7

require sigs.k8s.io/kueue v0.17.0
