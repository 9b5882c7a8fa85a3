package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Config describes one sandbox: processes in namespaces of their own that end together and leave nothing behind.
type Config struct {
	// Name is that of the cgroup; a DNS label.
	Name string `json:"name"`
	// State is an absolute folder for logs and the status file.
	State string `json:"state"`
	// Network gives the sandbox its own network; nil means that it shares the host's.
	Network *Network `json:"network,omitempty"`
	// Hide maps an absolute folder of the machine to the one that the sandbox sees in its place.
	Hide map[string]string `json:"hide,omitempty"`
	// Merge maps an absolute folder of the machine to one whose contents the sandbox sees in it, before the machine's own.
	Merge map[string]string `json:"merge,omitempty"`
	// Keep lists absolute folders that stay visible at their place even below a hidden one.
	Keep []string `json:"keep,omitempty"`
	// Files holds contents that the sandbox sees at a path, such as kernel settings that must not change for the whole machine.
	Files map[string]string `json:"files,omitempty"`
	// Certificates asks for the keys of a cluster.
	Certificates *Certificates `json:"certificates,omitempty"`
	Processes    []Process     `json:"processes"`
	Forwards     []Forward     `json:"forwards,omitempty"`
}

// Network is a bridge that holds the sandbox's only address; nothing routes from it to the machine.
type Network struct {
	Hostname string `json:"hostname"`
	Bridge   string `json:"bridge"`
	// Address with its prefix length: "10.99.0.1/24".
	Address string `json:"address"`
}

// Process is kept running until the sandbox ends.
type Process struct {
	Name        string            `json:"name"`
	Command     []string          `json:"command"`
	Environment map[string]string `json:"environment,omitempty"`
	// After is an https URL that must answer 200 before the process starts; checked against the cluster's authority.
	After string `json:"after,omitempty"`
	// Grace is how many seconds the process gets to end by itself; 0 means that it is killed.
	Grace int `json:"grace,omitempty"`
}

// Forward carries TCP connections across the border of the sandbox's network.
type Forward struct {
	// Inbound: listens on the host and dials inside; otherwise the other way round.
	Inbound bool   `json:"inbound"`
	Listen  string `json:"listen"`
	Dial    string `json:"dial"`
}

func (c *Config) cgroupRecord() string { return filepath.Join(c.State, "cgroups") }

func readConfig(path string) (*Config, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var config Config
	if err := json.Unmarshal(content, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if config.Name == "" || !filepath.IsAbs(config.State) {
		return nil, fmt.Errorf("%s: name and an absolute state folder are required", path)
	}
	return &config, nil
}
