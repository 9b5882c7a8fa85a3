#!/bin/sh
# Renders the chart of Istio's control plane into istiod.yaml. Run it after a change of values.yaml or of the version, which stands in upstream/istio too.
# The chart is the one of the Go module that the local platform builds (packages/platform/src/mesh/parts.ts): Istio releases no module, and this is the
# state of its branch shortly before 1.31.0.
set -eu
cd "$(dirname "$0")"
version=$(sed -n 's/^  tag: //p' values.yaml)
commit=$(sed -n "s/^  version: '\(v0\.0\.0-[^']*\)',$/\1/p" ../../../../packages/platform/src/mesh/parts.ts)
helm=v3.22.0
module=$(cd / && go mod download -json "istio.io/istio@$commit" | sed -n 's|^.*"Dir": "\(.*\)",$|\1|p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$module/manifests/charts/istio-control/istio-discovery" "$work/chart"
chmod -R u+w "$work/chart"
# the module's chart has a stand-in where a release has its version
sed -i "s/ 1\.0\.0$/ $version/" "$work/chart/Chart.yaml"
# a copy of the values for programs that install Istio
rm "$work/chart/templates/configmap-values.yaml"
GOBIN=$work go install "helm.sh/helm/v3/cmd/helm@$helm"
{
  echo "# Istio $version (Apache-2.0, the Istio Authors), rendered from its chart: do not edit, run render.sh."
  "$work/helm" template istiod "$work/chart" --namespace istio-system --skip-crds --values values.yaml |
    sed 's/managed-by: "Helm"/managed-by: fairway/'
} > istiod.yaml
