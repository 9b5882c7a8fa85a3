// Runs processes in namespaces of their own (pid, mount, uts, ipc, cgroup and, if asked, network) and takes everything down with them.
//
//	sandbox run CONFIG.json     stays in the foreground; SIGTERM ends the sandbox
//	sandbox exec PID COMMAND…   runs a command inside the sandbox whose first process is PID
//	sandbox clean CONFIG.json   removes the cgroups of a sandbox that was killed
package main

import (
	"fmt"
	"os"
	"runtime"
)

func init() {
	// Namespaces and the parent-death signal belong to a thread: the main goroutine keeps the first one.
	runtime.LockOSThread()
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: sandbox run|clean CONFIG.json, or sandbox exec PID COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	if os.Args[1] == "exec" {
		fail(execInside(os.Args[2], os.Args[3:]))
		return
	}
	config, err := readConfig(os.Args[2])
	if err != nil {
		fail(err)
	}
	switch os.Args[1] {
	case "run":
		fail(runHost(config, os.Args[2]))
	case "clean":
		fail(removeCgroups(config))
	case enterCommand:
		fail(enter(config, os.Args[2]))
	case initCommand:
		fail(runInit(config))
	default:
		fail(fmt.Errorf("unknown command %q", os.Args[1]))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}
