// Command log-lifecycle keeps the indices of a log store in order: it puts the index template in place, and deletes the indices of
// days that are older than the retention, and the oldest ones while all together are larger than the disk is meant to hold. It
// speaks the part of the API that OpenSearch and Elasticsearch share, so that it needs no plugin of either.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

//go:embed template.json
var indexTemplate []byte

func main() {
	url := flag.String("store", "http://127.0.0.1:9200", "`URL` of the store; a login in it is used and not shown")
	address := flag.String("address", ":9201", "`host:port` that answers 200 once the template is in place")
	days := flag.Int("days", 14, "`days` that an index is kept, the present one included")
	bytes := flag.Int64("bytes", 2<<30, "`bytes` that all indices together may have; the present day's is never deleted")
	every := flag.Duration("every", 10*time.Minute, "`time` between two looks")
	flag.Parse()
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	if *days < 1 || *bytes < 1 {
		log.Error("days and bytes must be at least 1", "days", *days, "bytes", *bytes)
		os.Exit(2)
	}
	if err := run(stop, log, *url, *address, limits{days: *days, bytes: *bytes}, *every); err != nil {
		log.Error("the life of the log store's indices is not looked after", "error", err.Error())
		os.Exit(1)
	}
}

func run(stop context.Context, log *slog.Logger, url, address string, limits limits, every time.Duration) error {
	store, err := newStore(url)
	if err != nil {
		return err
	}
	var ready atomic.Bool
	server := &http.Server{Addr: address, ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			http.Error(w, "the index template is not in place", http.StatusServiceUnavailable)
		}
	})}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	defer server.Close()

	pause := time.Second
	for {
		if !ready.Load() {
			if err := store.putTemplate(stop, indexTemplate); err != nil {
				log.Info("waiting for the store", "error", err.Error())
			} else {
				log.Info("the index template is in place")
				ready.Store(true)
				pause = every
			}
		}
		if ready.Load() {
			if err := store.deleteWhatIsOver(stop, limits, time.Now().UTC(), log); err != nil && stop.Err() == nil {
				log.Error("indices could not be looked through", "error", err.Error())
			}
		}
		select {
		case <-stop.Done():
			return nil
		case err := <-failed:
			return errors.Join(errors.New("the readiness address cannot be served"), err)
		case <-time.After(pause):
		}
	}
}
