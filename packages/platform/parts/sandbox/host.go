package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	enterCommand = "enter"
	initCommand  = "init"
	// endGrace bounds the time that the processes inside get to end by themselves, all together.
	endGrace = 15 * time.Second
)

// runHost makes the sandbox and stays outside it: it forwards connections, and cleans up when the sandbox has ended.
func runHost(config *Config, configPath string) error {
	if err := os.MkdirAll(filepath.Join(config.State, "log"), 0o755); err != nil {
		return err
	}
	if err := removeCgroups(config); err != nil {
		return fmt.Errorf("%w; is a sandbox named %q still running?", err, config.Name)
	}
	if err := recordCgroups(config); err != nil {
		return err
	}
	if config.Certificates != nil {
		if err := makeCertificates(config.Certificates); err != nil {
			return err
		}
	}
	listeners, err := listenOnHost(config.Forwards)
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)

	flags := unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC
	if config.Network != nil {
		flags |= unix.CLONE_NEWNET
	}
	ready, readyWrite, err := os.Pipe()
	if err != nil {
		return err
	}
	child := exec.Command("/proc/self/exe", enterCommand, configPath)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.ExtraFiles = []*os.File{readyWrite}
	child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: uintptr(flags), Pdeathsig: syscall.SIGKILL}
	if err := child.Start(); err != nil {
		return fmt.Errorf("make namespaces: %w", err)
	}
	readyWrite.Close()
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	arranged := make(chan bool, 1)
	go func() {
		_, err := ready.Read(make([]byte, 1))
		arranged <- err == nil
	}()

	select {
	case ok := <-arranged:
		if !ok {
			return errors.Join(fmt.Errorf("the sandbox could not be arranged: %w", <-ended), removeCgroups(config))
		}
	case <-signals:
		return endSandbox(config, child, ended)
	}
	if err := startForwards(config.Forwards, listeners, child.Process.Pid); err != nil {
		return errors.Join(err, endSandbox(config, child, ended))
	}
	status := filepath.Join(config.State, "init.pid")
	if err := os.WriteFile(status, []byte(strconv.Itoa(child.Process.Pid)), 0o644); err != nil {
		return errors.Join(err, endSandbox(config, child, ended))
	}
	select {
	case err := <-ended:
		return errors.Join(fmt.Errorf("the sandbox ended unasked: %v", err), os.Remove(status), removeCgroups(config))
	case <-signals:
		return errors.Join(os.Remove(status), endSandbox(config, child, ended))
	}
}

// endSandbox asks the first process to end and kills it, and so everything in its pid namespace, when it takes too long.
func endSandbox(config *Config, child *exec.Cmd, ended <-chan error) error {
	if err := child.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-ended:
	case <-time.After(endGrace):
		if err := child.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		<-ended
	}
	return removeCgroups(config)
}

// enter runs as the first process of the new namespaces. It joins the sandbox's cgroups, makes them the root of a cgroup namespace and starts
// itself again, so that every thread of the process that goes on is in that namespace.
func enter(config *Config, configPath string) error {
	if err := joinCgroups(config.Name); err != nil {
		return err
	}
	if err := unix.Unshare(unix.CLONE_NEWCGROUP); err != nil {
		return fmt.Errorf("cgroup namespace: %w", err)
	}
	return unix.Exec("/proc/self/exe", []string{os.Args[0], initCommand, configPath}, os.Environ())
}
