package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const longestPause = 10 * time.Second

// supervisor starts the sandbox's processes again when they end, and reaps the orphans that the first process of a pid namespace inherits.
type supervisor struct {
	config *Config
	// mutex covers the moment between a process's start and its entry in own, in which reap must not take it for an orphan.
	mutex sync.Mutex
	own   map[int]bool
}

func newSupervisor(config *Config) *supervisor {
	return &supervisor{config: config, own: map[int]bool{}}
}

// keep runs one process until the context ends.
func (s *supervisor) keep(ctx context.Context, process Process) {
	pause := 500 * time.Millisecond
	for ctx.Err() == nil {
		if process.After != "" && !s.await(ctx, process.After) {
			return
		}
		started := time.Now()
		err := s.run(ctx, process)
		if ctx.Err() != nil {
			return
		}
		if time.Since(started) > time.Minute {
			pause = 500 * time.Millisecond
		}
		fmt.Fprintf(os.Stderr, "%s %s ended (%v) after %s; starting it again in %s\n", time.Now().Format(time.RFC3339), process.Name, err, time.Since(started).Round(time.Millisecond), pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

func (s *supervisor) run(ctx context.Context, process Process) error {
	output, err := os.OpenFile(filepath.Join(s.config.State, "log", process.Name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	defer output.Close()
	command := exec.CommandContext(ctx, process.Command[0], process.Command[1:]...)
	command.Stdout, command.Stderr = output, output
	command.Env = os.Environ()
	for name, value := range process.Environment {
		command.Env = append(command.Env, name+"="+value)
	}
	if process.Grace > 0 {
		command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
		command.WaitDelay = time.Duration(process.Grace) * time.Second
	}
	s.mutex.Lock()
	err = command.Start()
	if err != nil {
		s.mutex.Unlock()
		return err
	}
	pid := command.Process.Pid
	s.own[pid] = true
	s.mutex.Unlock()
	err = command.Wait()
	s.mutex.Lock()
	delete(s.own, pid)
	s.mutex.Unlock()
	return err
}

// await polls an https URL of the cluster until it answers 200.
func (s *supervisor) await(ctx context.Context, url string) bool {
	authority, err := os.ReadFile(filepath.Join(s.config.Certificates.Folder, "ca.crt"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return false
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	for ctx.Err() == nil {
		if response, err := client.Get(url); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return true
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	return false
}

// reap collects orphans. It looks before it takes, so that processes that run waits for are left to it.
func (s *supervisor) reap() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCHLD)
	for range signals {
		for s.reapOne() {
		}
	}
}

func (s *supervisor) reapOne() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	pid := peekEnded()
	if pid <= 0 {
		return false
	}
	if s.own[pid] {
		// its waiter is about to collect it; come back for others when it has
		go func() {
			time.Sleep(20 * time.Millisecond)
			for s.reapOne() {
			}
		}()
		return false
	}
	_, err := unix.Wait4(pid, nil, unix.WNOHANG, nil)
	return err == nil
}

// peekEnded returns the pid of an ended child without collecting it; 0 when there is none.
func peekEnded() int {
	// siginfo_t of SIGCHLD: signo, errno, code, padding to 8 bytes, then the pid
	var info struct {
		_   [4]int32
		pid int32
		_   [108]byte
	}
	_, _, errno := unix.Syscall6(unix.SYS_WAITID, unix.P_ALL, 0, uintptr(unsafe.Pointer(&info)), unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, 0, 0)
	if errno != 0 {
		return 0
	}
	return int(info.pid)
}
