package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// readyDescriptor is the pipe on which the first process says that namespaces, mounts and network stand.
const readyDescriptor = 3

// runInit is the sandbox's first process: when it ends, the kernel kills all others in the sandbox.
func runInit(config *Config) error {
	unix.CloseOnExec(readyDescriptor)
	if err := arrangeMounts(config); err != nil {
		return err
	}
	if config.Network != nil {
		if err := arrangeNetwork(config.Network); err != nil {
			return err
		}
	}
	ready := os.NewFile(readyDescriptor, "ready")
	if _, err := ready.Write([]byte{1}); err != nil {
		return err
	}
	if err := ready.Close(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	supervisor := newSupervisor(config)
	go supervisor.reap()
	var running sync.WaitGroup
	for _, process := range config.Processes {
		running.Add(1)
		go func() {
			defer running.Done()
			supervisor.keep(ctx, process)
		}()
	}
	<-ctx.Done()
	running.Wait()
	return nil
}
