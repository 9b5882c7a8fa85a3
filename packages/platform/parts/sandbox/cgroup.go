package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const cgroupRoot = "/sys/fs/cgroup"

// hierarchy is one mounted tree of cgroups: each controller set of version 1, or the single tree of version 2 (controllers "").
type hierarchy struct {
	controllers string
	mount       string
	// own is this process's cgroup below the mount.
	own string
}

// hierarchies lists the trees in which limits are set. Version 2 counts only where no version 1 tree holds the memory controller.
func hierarchies() ([]hierarchy, error) {
	content, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	var trees []hierarchy
	var unified *hierarchy
	legacy := false
	for line := range strings.Lines(strings.TrimSpace(string(content))) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		if fields[1] == "" {
			unified = &hierarchy{mount: cgroupRoot, own: fields[2]}
			continue
		}
		legacy = legacy || slices.Contains(strings.Split(fields[1], ","), "memory")
		folder := filepath.Join(cgroupRoot, strings.TrimPrefix(fields[1], "name="))
		if _, err := os.Stat(filepath.Join(folder, "cgroup.procs")); err == nil {
			trees = append(trees, hierarchy{controllers: fields[1], mount: folder, own: fields[2]})
		}
	}
	if legacy {
		return trees, nil
	}
	if unified == nil {
		return nil, errors.New("neither a cgroup version 1 memory controller nor cgroup version 2 is mounted under " + cgroupRoot)
	}
	return []hierarchy{*unified}, nil
}

// base is where the sandbox's cgroup goes: below that of whoever starts it, whose limits then hold for it too. Version 2 lets only cgroups
// without processes hand controllers on, so there it goes below the root; so it does in a container, which does not see its own path.
func (h hierarchy) base() string {
	below := filepath.Join(h.mount, h.own)
	if _, err := os.Stat(below); h.controllers == "" || err != nil {
		return h.mount
	}
	return below
}

func (h hierarchy) folder(name string) string { return filepath.Join(h.base(), "fairway-"+name) }

// joinCgroups makes the sandbox's cgroups and moves this process into them.
func joinCgroups(name string) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	for _, tree := range trees {
		if tree.controllers == "" {
			if err := delegateControllers(tree.mount); err != nil {
				return err
			}
		}
		folder := tree.folder(name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if slices.Contains(strings.Split(tree.controllers, ","), "cpuset") {
			if err := inheritCpuset(folder); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(folder, "cgroup.procs"), []byte("0"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// A new cpuset of version 1 has no processors and no memory until they are given, and refuses processes until then.
func inheritCpuset(folder string) error {
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(folder), file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, file), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// delegateControllers lets the children of a version 2 cgroup use every controller that it has.
func delegateControllers(folder string) error {
	available, err := os.ReadFile(filepath.Join(folder, "cgroup.controllers"))
	if err != nil {
		return err
	}
	for _, needed := range []string{"cpu", "memory", "pids"} {
		if !slices.Contains(strings.Fields(string(available)), needed) {
			return fmt.Errorf("%s lacks the %s controller (it has %q); start the machine with cgroup version 2 in full, or version 1", folder, needed, strings.TrimSpace(string(available)))
		}
	}
	control := filepath.Join(folder, "cgroup.subtree_control")
	enabled, err := os.ReadFile(control)
	if err != nil {
		return err
	}
	for controller := range strings.FieldsSeq(string(available)) {
		if slices.Contains(strings.Fields(string(enabled)), controller) {
			continue
		}
		err := os.WriteFile(control, []byte("+"+controller), 0o644)
		if err != nil && slices.Contains([]string{"cpu", "cpuset", "memory", "pids", "io"}, controller) {
			return fmt.Errorf("cannot hand the %s controller on to %s/*: %w; in a container, start it with its own cgroup namespace and move its processes out of the root cgroup", controller, folder, err)
		}
	}
	return nil
}

// mountCgroups shows the sandbox only its own cgroups, as roots.
func mountCgroups(trees []hierarchy) error {
	if len(trees) == 1 && trees[0].controllers == "" {
		if err := unix.Mount("cgroup2", cgroupRoot, "cgroup2", 0, ""); err != nil {
			return fmt.Errorf("mount cgroup2: %w", err)
		}
		leaf := filepath.Join(cgroupRoot, "system")
		if err := os.MkdirAll(leaf, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(leaf, "cgroup.procs"), []byte("0"), 0o644); err != nil {
			return err
		}
		return delegateControllers(cgroupRoot)
	}
	if err := unix.Mount("tmpfs", cgroupRoot, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "mode=755"); err != nil {
		return fmt.Errorf("mount %s: %w", cgroupRoot, err)
	}
	for _, tree := range trees {
		if err := os.MkdirAll(tree.mount, 0o755); err != nil {
			return err
		}
		options := tree.controllers
		if strings.HasPrefix(options, "name=") {
			options = "none," + options
		}
		if err := unix.Mount("cgroup", tree.mount, "cgroup", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, options); err != nil {
			return fmt.Errorf("mount cgroup %s: %w", tree.controllers, err)
		}
		for controller := range strings.SplitSeq(tree.controllers, ",") {
			link := filepath.Join(cgroupRoot, controller)
			if controller == tree.controllers || strings.HasPrefix(controller, "name=") {
				continue
			}
			if err := os.Symlink(filepath.Base(tree.mount), link); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordCgroups writes down which folders the sandbox will use: whoever cleans up may be in another cgroup than whoever started it.
func recordCgroups(config *Config) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	var folders []string
	for _, tree := range trees {
		folders = append(folders, tree.folder(config.Name))
	}
	return os.WriteFile(config.cgroupRecord(), []byte(strings.Join(folders, "\n")), 0o644)
}

// removeCgroups removes the recorded cgroups; the kernel keeps one busy for a moment after its last process.
func removeCgroups(config *Config) error {
	record, err := os.ReadFile(config.cgroupRecord())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	deadline := time.Now().Add(10 * time.Second)
	for folder := range strings.Lines(string(record)) {
		folder = strings.TrimSpace(folder)
		for {
			err := removeTree(folder)
			if err == nil {
				break
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("cgroup %s cannot be removed: %w", folder, err)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	return os.Remove(config.cgroupRecord())
}

func removeTree(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() {
			if err := removeTree(filepath.Join(folder, entry.Name())); err != nil {
				return err
			}
		}
	}
	return unix.Rmdir(folder)
}
