module fairway.dev/platform/pause

go 1.24
