// The module that holds the custom resources of KEDA. Nothing of it is compiled.
module fairway.dev/keda

go 1.26.7

require github.com/kedacore/keda/v2 v2.21.0
