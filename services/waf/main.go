// Command waf is a web application firewall for Envoy: the OWASP Core Rule Set on Coraza, asked through the gRPC
// ext_authz protocol, by which it sees every header and the buffered body of a request before anything else does.
package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	address := flag.String("address", ":9003", "`host:port` that answers Envoy; grpc.health.v1 answers there too")
	bodyLimit := flag.Int("body-limit", 8<<20, "largest body in `bytes`; a larger one is refused with 413")
	rules := flag.String("rules", "", "`file` with further directives, loaded after the built-in ones")
	flag.Parse()
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	if err := serve(*address, *bodyLimit, *rules, log); err != nil {
		log.Error("the firewall cannot serve", "error", err.Error())
		os.Exit(1)
	}
}

func serve(address string, bodyLimit int, rules string, log *slog.Logger) error {
	more := ""
	if rules != "" {
		text, err := os.ReadFile(rules)
		if err != nil {
			return err
		}
		more = string(text)
	}
	firewall, err := newFirewall(bodyLimit, more)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	// a message holds the body and the headers; Envoy's own limit for those is 60 KiB
	server := grpc.NewServer(grpc.MaxRecvMsgSize(bodyLimit + 1<<20))
	authv3.RegisterAuthorizationServer(server, &authorization{firewall: firewall, log: log})
	healthy := health.NewServer()
	grpc_health_v1.RegisterHealthServer(server, healthy)

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	go func() {
		<-stop.Done()
		healthy.Shutdown()
		// checks take milliseconds, but Envoy keeps its connection: after a moment it is closed under it
		time.AfterFunc(2*time.Second, server.Stop)
		server.GracefulStop()
	}()
	log.Info("the firewall serves", "address", listener.Addr().String(), "bodyLimit", bodyLimit)
	return server.Serve(listener)
}
