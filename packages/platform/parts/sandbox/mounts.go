package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// arrangeMounts gives the sandbox its own view of the machine's files. Nothing of it can be seen from outside.
func arrangeMounts(config *Config) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	// asked before a new /sys hides the answer
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	for target, upper := range config.Merge {
		if err := unix.Mount("overlay", target, "overlay", unix.MS_RDONLY, "lowerdir="+upper+":"+target); err != nil {
			return fmt.Errorf("merge %s into %s (the kernel needs the overlay module): %w", upper, target, err)
		}
	}
	if err := hideFolders(config.Hide, config.Keep); err != nil {
		return err
	}
	if config.Network != nil {
		// /sys/class/net shows the network of whoever mounts it
		if err := unix.Mount("sysfs", "/sys", "sysfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
			return fmt.Errorf("mount /sys: %w", err)
		}
	}
	if err := mountCgroups(trees); err != nil {
		return err
	}
	return showFiles(config.Files, filepath.Join(config.State, "files"))
}

// hideFolders puts other folders over those of the machine and brings the kept ones back, which may lie below.
func hideFolders(hide map[string]string, keep []string) error {
	type kept struct {
		path string
		file *os.File
	}
	var open []kept
	for _, path := range keep {
		file, err := os.OpenFile(path, unix.O_PATH|unix.O_DIRECTORY, 0)
		if err != nil {
			return err
		}
		defer file.Close()
		open = append(open, kept{path, file})
	}
	targets := make([]string, 0, len(hide))
	for target := range hide {
		targets = append(targets, target)
	}
	slices.Sort(targets)
	for _, target := range targets {
		if err := unix.Mount(hide[target], target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("put %s over %s: %w", hide[target], target, err)
		}
		for _, folder := range open {
			if !strings.HasPrefix(folder.path+"/", target+"/") {
				continue
			}
			if err := os.MkdirAll(folder.path, 0o755); err != nil {
				return err
			}
			source := fmt.Sprintf("/proc/self/fd/%d", folder.file.Fd())
			if err := unix.Mount(source, folder.path, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
				return fmt.Errorf("keep %s: %w", folder.path, err)
			}
		}
	}
	return nil
}

// showFiles binds files with the wanted contents over paths that exist; a kernel without such a setting needs none.
func showFiles(files map[string]string, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for path, content := range files {
		if _, err := os.Stat(path); os.IsNotExist(err) {
			continue
		}
		source := filepath.Join(folder, strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", "."))
		if err := os.WriteFile(source, []byte(content), 0o644); err != nil {
			return err
		}
		if err := unix.Mount(source, path, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("show %s: %w", path, err)
		}
	}
	return nil
}
