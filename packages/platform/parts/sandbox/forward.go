package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

const dialTimeout = 10 * time.Second

// listenOnHost opens the host's ends first, so that a port in use is known before anything starts.
func listenOnHost(forwards []Forward) (map[Forward]net.Listener, error) {
	listeners := map[Forward]net.Listener{}
	for _, forward := range forwards {
		if !forward.Inbound {
			continue
		}
		listener, err := net.Listen("tcp", forward.Listen)
		if err != nil {
			return nil, err
		}
		listeners[forward] = listener
	}
	return listeners, nil
}

// startForwards opens the ends inside the sandbox's network and carries connections until this process ends.
func startForwards(forwards []Forward, listeners map[Forward]net.Listener, first int) error {
	if len(forwards) == 0 {
		return nil
	}
	inside, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", first))
	if err != nil {
		return err
	}
	host, err := os.Open("/proc/self/ns/net")
	if err != nil {
		return err
	}
	within := func(do func() error) error { return inNetwork(inside, host, do) }
	for _, forward := range forwards {
		listener := listeners[forward]
		dial := func() (net.Conn, error) { return net.DialTimeout("tcp", forward.Dial, dialTimeout) }
		if forward.Inbound {
			dialHost := dial
			dial = func() (connection net.Conn, err error) {
				err = within(func() error {
					connection, err = dialHost()
					return err
				})
				return connection, err
			}
		} else {
			err := within(func() (err error) {
				listener, err = net.Listen("tcp", forward.Listen)
				return err
			})
			if err != nil {
				return fmt.Errorf("listen inside the sandbox: %w", err)
			}
		}
		go accept(listener, dial)
	}
	return nil
}

// inNetwork runs do on a thread that is in another network namespace; the sockets it makes stay there.
func inNetwork(inside, host *os.File, do func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if err := unix.Setns(int(inside.Fd()), unix.CLONE_NEWNET); err != nil {
			result <- err
			return
		}
		err := do()
		result <- err
		// a thread that cannot come back stays locked and ends with this goroutine
		if unix.Setns(int(host.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
	}()
	return <-result
}

func accept(listener net.Listener, dial func() (net.Conn, error)) {
	for {
		client, err := listener.Accept()
		if err != nil {
			fmt.Fprintf(os.Stderr, "forward %s: %v\n", listener.Addr(), err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		go carry(client, dial)
	}
}

func carry(client net.Conn, dial func() (net.Conn, error)) {
	defer client.Close()
	server, err := dial()
	if err != nil {
		// the client sees a closed connection, as it would if the other end were not there
		return
	}
	defer server.Close()
	done := make(chan struct{})
	go func() {
		pour(server, client)
		close(done)
	}()
	pour(client, server)
	<-done
}

// pour copies one direction and hands its end on, so that half-closed connections keep their meaning.
func pour(to, from net.Conn) {
	if _, err := io.Copy(to, from); err != nil {
		// broken in the middle: neither direction can go on
		to.Close()
		from.Close()
		return
	}
	if tcp, ok := to.(*net.TCPConn); ok {
		tcp.CloseWrite()
	}
}
