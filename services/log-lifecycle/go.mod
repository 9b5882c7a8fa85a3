module fairway.dev/log-lifecycle

go 1.26.0
