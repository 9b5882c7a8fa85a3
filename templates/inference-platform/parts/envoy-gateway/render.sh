#!/bin/sh
# Renders Envoy Gateway's chart, as its Go module holds it, into the two files beside this one that say so. Run it
# after a change of the version or of values.yaml; the version must be that of packages/platform/parts/envoy-gateway/go.mod.
set -eu
cd "$(dirname "$0")"
version=$(sed -n 's|^.*github.com/envoyproxy/gateway \(v[0-9.]*\).*$|\1|p' ../../../../packages/platform/parts/envoy-gateway/go.mod)
helm=v3.22.0
module=$(cd / && go mod download -json "github.com/envoyproxy/gateway@$version" | sed -n 's|^.*"Dir": "\(.*\)",$|\1|p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$module/charts/gateway-helm" "$work/chart"
chmod -R u+w "$work/chart"
# the module's chart has stand-ins where a release has its version
sed -i "s/v0.0.0-latest/$version/; s/\"latest\"/\"$version\"/" "$work/chart/Chart.yaml"
sed 's/\${[A-Za-z]*}/""/' "$work/chart/values.tmpl.yaml" > "$work/chart/values.yaml"
# its configuration is a file of ours, config.yaml
rm "$work/chart/templates/envoy-gateway-config.yaml"
GOBIN=$work go install "helm.sh/helm/v3/cmd/helm@$helm"
render() {
  echo "# Envoy Gateway $version (Apache-2.0, The Envoy Gateway Authors), rendered from its chart: do not edit, run render.sh."
  "$work/helm" template envoy-gateway "$work/chart" --namespace envoy-gateway-system --skip-crds --set crds.enabled=false \
    --values values.yaml "$@" |
    sed '/^  annotations:$/{N;/helm.sh\/hook/d}; /helm.sh\/hook-weight/d; s/managed-by: Helm/managed-by: fairway/'
}
render --no-hooks > envoy-gateway.yaml
render --show-only templates/certgen-rbac.yaml --show-only templates/certgen.yaml > certificates.yaml
