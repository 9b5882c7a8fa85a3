package main

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func wantedIn(folder string) *Certificates {
	return &Certificates{
		Folder: folder, Node: "one", Address: "10.99.0.1", Addresses: []string{"10.99.0.1", "127.0.0.1"},
		Server: "https://10.99.0.1:6443", ServerOutside: "https://127.0.0.1:17401", Context: "fairway",
	}
}

func TestCertificatesVerify(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pki")
	if err := makeCertificates(wantedIn(folder)); err != nil {
		t.Fatal(err)
	}
	authority, err := os.ReadFile(filepath.Join(folder, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	for name, usage := range map[string]x509.ExtKeyUsage{"apiserver": x509.ExtKeyUsageServerAuth, "kubelet-server": x509.ExtKeyUsageServerAuth, "admin": x509.ExtKeyUsageClientAuth, "kubelet": x509.ExtKeyUsageClientAuth} {
		pair, err := tls.LoadX509KeyPair(filepath.Join(folder, name+".crt"), filepath.Join(folder, name+".key"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	server, err := tls.LoadX509KeyPair(filepath.Join(folder, "apiserver.crt"), filepath.Join(folder, "apiserver.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "10.99.0.1", "kubernetes.default.svc"} {
		if err := server.Leaf.VerifyHostname(host); err != nil {
			t.Error(err)
		}
	}
}

func TestCertificatesAreMadeOnceAndPrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pki")
	if err := makeCertificates(wantedIn(folder)); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(folder, "admin.kubeconfig"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(before), "https://127.0.0.1:17401") {
		t.Error("the administrator's kubeconfig does not name the host's address")
	}
	if err := makeCertificates(wantedIn(folder)); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(filepath.Join(folder, "admin.kubeconfig"))
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Error("the certificates were made again")
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", entry.Name(), info.Mode(), err)
		}
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	wanted := wantedIn(filepath.Join(t.TempDir(), "pki"))
	wanted.Addresses = []string{"somewhere"}
	if err := makeCertificates(wanted); err == nil || !strings.Contains(err.Error(), `"somewhere"`) {
		t.Errorf("got %v", err)
	}
}
