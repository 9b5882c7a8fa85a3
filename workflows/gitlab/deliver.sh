#!/bin/sh
# deliver.sh SCANNER: the delivery of the checked-out service as one job of GitLab CI. docs/create.md says which variables it reads.
set -eu
umask 077
fairway=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)

fail() { echo "$1" >&2; exit 1; }
needs() { [ -n "$2" ] || fail "The variable $1 is not set, and this job needs it. Set it in the settings of the project or its group."; }
# every variable that is not set is empty
for name in REGISTRY USERNAME PASSWORD REGISTRY_USERNAME REGISTRY_PASSWORD CONTEXT GATEWAY GATEWAY_URL ISSUER AUDIENCE JWKS_URL \
  WAF_SERVICE TOKEN_URL CLIENT_ID PROMETHEUS_URL PORTAL_URL EKS_CLUSTER AWS_REGION AWS_ROLE GKE_CLUSTER GOOGLE_PROVIDER \
  GOOGLE_SERVICE_ACCOUNT AKS_CLUSTER AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_SUBSCRIPTION_ID; do
  eval ": \"\${FAIRWAY_$name:=}\""
done

login=$(mktemp -d)
# the token of the job, which a cloud trusts for as long as the job may run
token() { printf '%s' "$1" > "$login/token"; }
kubeconfig=${KUBECONFIG:-}
[ -n "$FAIRWAY_EKS_CLUSTER$FAIRWAY_GKE_CLUSTER$FAIRWAY_AKS_CLUSTER" ] || needs KUBECONFIG "$kubeconfig"
needs FAIRWAY_CONTEXT "$FAIRWAY_CONTEXT"
if [ -n "$FAIRWAY_EKS_CLUSTER" ]; then
  needs FAIRWAY_AWS_REGION "$FAIRWAY_AWS_REGION"
  needs FAIRWAY_AWS_ROLE "$FAIRWAY_AWS_ROLE"
  kubeconfig=$login/kubeconfig
  token "$FAIRWAY_AWS_TOKEN"
  export AWS_REGION="$FAIRWAY_AWS_REGION" AWS_ROLE_ARN="$FAIRWAY_AWS_ROLE" AWS_WEB_IDENTITY_TOKEN_FILE="$login/token"
  aws eks update-kubeconfig --name "$FAIRWAY_EKS_CLUSTER" --alias "$FAIRWAY_CONTEXT" --kubeconfig "$kubeconfig"
elif [ -n "$FAIRWAY_GKE_CLUSTER" ]; then
  needs FAIRWAY_GOOGLE_PROVIDER "$FAIRWAY_GOOGLE_PROVIDER"
  kubeconfig=$login/kubeconfig
  token "$FAIRWAY_GOOGLE_TOKEN"
  gcloud iam workload-identity-pools create-cred-config "$FAIRWAY_GOOGLE_PROVIDER" --service-account="$FAIRWAY_GOOGLE_SERVICE_ACCOUNT" \
    --credential-source-file="$login/token" --output-file="$login/google.json"
  gcloud auth login --cred-file="$login/google.json"
  # projects/<project>/locations/<location>/clusters/<cluster>
  project=${FAIRWAY_GKE_CLUSTER#projects/}
  location=${project#*/locations/}
  KUBECONFIG=$kubeconfig gcloud container clusters get-credentials "${location##*/}" --location "${location%%/*}" --project "${project%%/*}"
elif [ -n "$FAIRWAY_AKS_CLUSTER" ]; then
  needs FAIRWAY_AZURE_CLIENT_ID "$FAIRWAY_AZURE_CLIENT_ID"
  needs FAIRWAY_AZURE_TENANT_ID "$FAIRWAY_AZURE_TENANT_ID"
  needs FAIRWAY_AZURE_SUBSCRIPTION_ID "$FAIRWAY_AZURE_SUBSCRIPTION_ID"
  kubeconfig=$login/kubeconfig
  token "$FAIRWAY_AZURE_TOKEN"
  export AZURE_FEDERATED_TOKEN_FILE="$login/token"
  az login --service-principal --username "$FAIRWAY_AZURE_CLIENT_ID" --tenant "$FAIRWAY_AZURE_TENANT_ID" --federated-token "$FAIRWAY_AZURE_TOKEN"
  az aks get-credentials --subscription "$FAIRWAY_AZURE_SUBSCRIPTION_ID" --resource-group "${FAIRWAY_AKS_CLUSTER%%/*}" \
    --name "${FAIRWAY_AKS_CLUSTER##*/}" --context "$FAIRWAY_CONTEXT" --file "$kubeconfig"
  KUBECONFIG=$kubeconfig kubelogin convert-kubeconfig --login workloadidentity --client-id "$FAIRWAY_AZURE_CLIENT_ID" --tenant-id "$FAIRWAY_AZURE_TENANT_ID"
fi

# the registry of the project, and its deploy token for the nodes, where nothing else is named
export FAIRWAY_PASSWORD="${FAIRWAY_PASSWORD:-${CI_REGISTRY_PASSWORD:-}}"
export FAIRWAY_REGISTRY_PASSWORD="${FAIRWAY_REGISTRY_PASSWORD:-${CI_DEPLOY_PASSWORD:-}}"
# without a portal the token is for nobody
[ -n "$FAIRWAY_PORTAL_URL" ] || unset FAIRWAY_PORTAL_URL FAIRWAY_PORTAL_TOKEN

exec "$fairway/bin/fairway" deliver "$CI_PROJECT_DIR" \
  --scanner "$1" \
  --registry "${FAIRWAY_REGISTRY:-${CI_REGISTRY_IMAGE:-}}" --username "${FAIRWAY_USERNAME:-${CI_REGISTRY_USER:-}}" \
  --registry-username "${FAIRWAY_REGISTRY_USERNAME:-${CI_DEPLOY_USER:-}}" \
  --kubeconfig "$kubeconfig" --context "$FAIRWAY_CONTEXT" \
  --gateway "$FAIRWAY_GATEWAY" --gateway-url "$FAIRWAY_GATEWAY_URL" \
  --issuer "$FAIRWAY_ISSUER" --audience "$FAIRWAY_AUDIENCE" --jwks-url "$FAIRWAY_JWKS_URL" --waf-service "$FAIRWAY_WAF_SERVICE" \
  --token-url "$FAIRWAY_TOKEN_URL" --client-id "$FAIRWAY_CLIENT_ID" \
  --prometheus-url "$FAIRWAY_PROMETHEUS_URL"
