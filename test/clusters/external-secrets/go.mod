// The module that holds the custom resources of External Secrets. Nothing of it is compiled.
module fairway.dev/external-secrets

go 1.26.7

require github.com/external-secrets/external-secrets v1.3.2
