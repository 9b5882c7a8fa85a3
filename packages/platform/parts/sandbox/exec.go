package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"golang.org/x/sys/unix"
)

// execInside runs a command in all namespaces of the sandbox whose first process has this pid, and ends as the command ends.
func execInside(pid string, command []string) error {
	first, err := strconv.Atoi(pid)
	if err != nil || len(command) == 0 {
		return errors.New("usage: sandbox exec PID COMMAND [ARGUMENT...]")
	}
	descriptor, err := unix.PidfdOpen(first, 0)
	if err != nil {
		return fmt.Errorf("no sandbox with first process %d: %w", first, err)
	}
	defer unix.Close(descriptor)
	// the kernel lets a thread change its mounts only when it shares its working folder with no other
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return err
	}
	flags := unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWCGROUP
	if err := unix.Setns(descriptor, flags); err != nil {
		return fmt.Errorf("enter the sandbox of process %d: %w", first, err)
	}
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = child.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() >= 0 {
		os.Exit(ended.ExitCode())
	}
	return err
}
