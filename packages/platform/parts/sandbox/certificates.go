package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const validity = 365 * 24 * time.Hour

// Certificates asks for the keys of a one-node cluster and the kubeconfig of each of its users, in one folder (0700, keys 0600). They are made
// once; a folder that holds them is left alone.
type Certificates struct {
	Folder string `json:"folder"`
	// Node's name and address, and further addresses under which the API server answers.
	Node      string   `json:"node"`
	Address   string   `json:"address"`
	Addresses []string `json:"addresses"`
	// Server is the API's URL inside the sandbox, ServerOutside the one on the host, which the administrator's kubeconfig names.
	Server        string `json:"server"`
	ServerOutside string `json:"serverOutside"`
	// Context is the name of the context in the administrator's kubeconfig.
	Context string `json:"context"`
}

type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

type identity struct {
	name, commonName, organization string
	kubeconfig                     bool
}

var identities = []identity{
	{"admin", "fairway-administrator", "system:masters", true},
	{"controller-manager", "system:kube-controller-manager", "", true},
	{"scheduler", "system:kube-scheduler", "", true},
	{"proxy", "system:kube-proxy", "", true},
	{"prometheus", "fairway-prometheus", "", true},
	{"apiserver-kubelet", "fairway-apiserver-kubelet", "system:masters", false},
}

func makeCertificates(wanted *Certificates) error {
	made := filepath.Join(wanted.Folder, "complete")
	if _, err := os.Stat(made); err == nil {
		return nil
	}
	if err := os.MkdirAll(wanted.Folder, 0o700); err != nil {
		return err
	}
	ca, err := newAuthority(wanted.Folder, "ca")
	if err != nil {
		return err
	}
	frontProxy, err := newAuthority(wanted.Folder, "front-proxy-ca")
	if err != nil {
		return err
	}
	names := []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost", wanted.Node}
	if err := ca.issue(wanted.Folder, "apiserver", pkix.Name{CommonName: "kube-apiserver"}, names, wanted.Addresses); err != nil {
		return err
	}
	node := pkix.Name{CommonName: "system:node:" + wanted.Node, Organization: []string{"system:nodes"}}
	if err := ca.issue(wanted.Folder, "kubelet-server", node, []string{wanted.Node}, []string{wanted.Address}); err != nil {
		return err
	}
	if err := frontProxy.issue(wanted.Folder, "front-proxy", pkix.Name{CommonName: "front-proxy-client"}, nil, nil); err != nil {
		return err
	}
	users := append([]identity{{"kubelet", node.CommonName, "system:nodes", true}}, identities...)
	for _, user := range users {
		subject := pkix.Name{CommonName: user.commonName}
		if user.organization != "" {
			subject.Organization = []string{user.organization}
		}
		if err := ca.issue(wanted.Folder, user.name, subject, nil, nil); err != nil {
			return err
		}
		if user.kubeconfig {
			server := wanted.Server
			if user.name == "admin" {
				server = wanted.ServerOutside
			}
			if err := writeKubeconfig(wanted, user.name, server); err != nil {
				return err
			}
		}
	}
	if err := serviceAccountKeys(wanted.Folder); err != nil {
		return err
	}
	return os.WriteFile(made, nil, 0o600)
}

func template(subject pkix.Name) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	// a clock that was set back a little must not make the cluster refuse itself
	return &x509.Certificate{SerialNumber: serial, Subject: subject, NotBefore: now.Add(-5 * time.Minute), NotAfter: now.Add(validity)}, nil
}

func newAuthority(folder, name string) (*authority, error) {
	key, err := newKey(folder, name)
	if err != nil {
		return nil, err
	}
	wanted, err := template(pkix.Name{CommonName: "fairway " + name})
	if err != nil {
		return nil, err
	}
	wanted.IsCA, wanted.BasicConstraintsValid = true, true
	wanted.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature
	signed, err := x509.CreateCertificate(rand.Reader, wanted, wanted, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(signed)
	if err != nil {
		return nil, err
	}
	return &authority{certificate, key}, writePEM(folder, name+".crt", "CERTIFICATE", signed)
}

// issue signs a certificate: for a server when it has names or addresses, for a client otherwise.
func (a *authority) issue(folder, name string, subject pkix.Name, names, addresses []string) error {
	key, err := newKey(folder, name)
	if err != nil {
		return err
	}
	wanted, err := template(subject)
	if err != nil {
		return err
	}
	wanted.KeyUsage = x509.KeyUsageDigitalSignature
	wanted.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	wanted.DNSNames = names
	for _, address := range addresses {
		ip := net.ParseIP(address)
		if ip == nil {
			return fmt.Errorf("%q is not an IP address", address)
		}
		wanted.IPAddresses = append(wanted.IPAddresses, ip)
	}
	if len(names)+len(addresses) > 0 {
		wanted.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	signed, err := x509.CreateCertificate(rand.Reader, wanted, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	return writePEM(folder, name+".crt", "CERTIFICATE", signed)
}

func newKey(folder, name string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(folder, name+".key", "PRIVATE KEY", encoded)
}

// serviceAccountKeys makes the key that signs the tokens of pods; RSA, because every verifier takes RS256.
func serviceAccountKeys(folder string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := writePEM(folder, "service-account.key", "PRIVATE KEY", private); err != nil {
		return err
	}
	return writePEM(folder, "service-account.pub", "PUBLIC KEY", public)
}

func writePEM(folder, name, kind string, content []byte) error {
	return os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600)
}

func writeKubeconfig(wanted *Certificates, name, server string) error {
	encoded := map[string]string{}
	for _, file := range []string{"ca.crt", name + ".crt", name + ".key"} {
		content, err := os.ReadFile(filepath.Join(wanted.Folder, file))
		if err != nil {
			return err
		}
		encoded[file] = base64.StdEncoding.EncodeToString(content)
	}
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- name: %[1]s
  cluster: {server: "%[2]s", certificate-authority-data: %[3]s}
users:
- name: %[4]s
  user: {client-certificate-data: %[5]s, client-key-data: %[6]s}
contexts:
- name: %[1]s
  context: {cluster: %[1]s, user: %[4]s}
current-context: %[1]s
`, wanted.Context, server, encoded["ca.crt"], name, encoded[name+".crt"], encoded[name+".key"])
	return os.WriteFile(filepath.Join(wanted.Folder, name+".kubeconfig"), []byte(text), 0o600)
}
