package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// issue writes a certificate of its own making for this machine, and its key.
func issue(t *testing.T, dir string, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "desk"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	public, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: public}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// shownAfterAWhile is the number of the certificate that is shown now, as if it had not been looked at for a while.
func (c *certificate) shownAfterAWhile() int64 {
	c.mu.Lock()
	c.looked = time.Time{}
	c.mu.Unlock()
	return c.current().Leaf.SerialNumber.Int64()
}

// touch has files be changed at a time of their own: the file system may not tell two moments apart.
func touch(t *testing.T, n int, paths ...string) {
	t.Helper()
	at := time.Now().Add(time.Duration(n) * time.Minute)
	for _, path := range paths {
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARenewedCertificateNeedsNoRestart(t *testing.T) {
	dir := t.TempDir()
	cert, key := issue(t, dir, 1)
	c, err := newCertificate(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cert, []byte("half a certifi"), 0o600); err != nil {
		t.Fatal(err)
	}
	touch(t, 1, cert)
	if got := c.shownAfterAWhile(); got != 1 {
		t.Errorf("one that is written by half is shown: %d", got)
	}
	issue(t, dir, 2)
	touch(t, 2, cert, key)
	if got := c.shownAfterAWhile(); got != 2 {
		t.Errorf("number %d is shown, want the renewed one", got)
	}
}

// freeAddress is one on which nobody listens now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Whoever begins on a machine where something else has the address is told which flag helps.
func TestATakenAddressNamesItsFlag(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address, data := taken.Addr().String(), t.TempDir()
	for flag, others := range map[string][]string{"--listen": nil, "--admin-listen": {"--listen", "127.0.0.1:0"}} {
		said, code := output(append([]string{"serve", "--data", data, flag, address}, others...))
		if want := flag + " " + address + ": something else listens there; give another address with " + flag; code != exitUsage || !strings.Contains(said, want) {
			t.Errorf("exit %d, %q, want %q", code, said, want)
		}
	}
}

func TestItSpeaksTLSAndTellsHowItDoes(t *testing.T) {
	cert, key := issue(t, t.TempDir(), 1)
	admin := freeAddress(t)
	d := start(t, build(t), "serve", "--demo", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key, "--admin-listen", admin, "--log-format", "json")
	if !strings.HasPrefix(d.url, "https://") {
		t.Fatalf("it serves %s", d.url)
	}
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(cert)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	answer, err := client.Get(d.url + "/v1/me")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
	told := fetch(t, "http://"+admin+"/metrics")
	for _, line := range []string{
		`usher_requests_total{code="unauthenticated",operation="me-read",status="401"} 1`,
		`usher_request_seconds_count{operation="me-read"} 1`,
		"usher_database_up 1", "usher_live_connections 0", "usher_build_info{", "go_goroutines ", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(told, line) {
			t.Errorf("metrics lack %s", line)
		}
	}
	if ready := fetch(t, "http://"+admin+"/readyz"); !strings.Contains(ready, `"status":"ok"`) {
		t.Errorf("%s", ready)
	}
	if answer := fetch(t, "http://"+admin+"/v1/me"); !strings.Contains(answer, "404") {
		t.Errorf("operations are served there: %s", answer)
	}
}
