module fairway.dev/bench/load-server

go 1.24
