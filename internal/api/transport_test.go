package api_test

import (
	"bytes"
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/api"
)

// behind is an office whose public address is https, with a proxy in front at 10.0.0.0/8 and fd00::/8.
func behind(t testing.TB) *office {
	o := openOffice(t)
	o.api = api.New(api.Config{
		URL: "https://desk.example", Authenticate: authenticate, Record: o.notes.record, CursorKey: bytes.Repeat([]byte("k"), 32),
		Proxies: api.Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
	})
	o.routes()
	return o
}

// arrive has a request come from a peer with headers, and returns the answer and whom the record names.
func (o *office) arrive(peer string, overTLS bool, headers ...string) (*httptest.ResponseRecorder, string) {
	r := httptest.NewRequest("GET", "/v1/departments", nil)
	r.Header.Set("Authorization", "Bearer "+chief)
	r.RemoteAddr = peer
	if r.TLS = nil; overTLS {
		r.TLS = &tls.ConnectionState{}
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	o.api.ServeHTTP(w, r)
	return w, o.notes.take()[0].Address.String()
}

func TestOnlyAProxysWordCountsAboutTheClient(t *testing.T) {
	o := behind(t)
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:4000", "", "203.0.113.9"},
		{"203.0.113.9:4000", "198.51.100.1", "203.0.113.9"},
		{"10.1.1.1:4000", "", "10.1.1.1"},
		{"10.1.1.1:4000", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:4000", "192.0.2.66, 198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:4000", "192.0.2.66, 198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"10.1.1.1:4000", "10.3.3.3, 10.2.2.2", "10.3.3.3"},
		{"10.1.1.1:4000", "198.51.100.1:52000", "198.51.100.1"},
		{"10.1.1.1:4000", "[2001:db8::7]:52000", "2001:db8::7"},
		{"10.1.1.1:4000", "::ffff:198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:4000", "198.51.100.1, unknown", "10.1.1.1"},
		{"10.1.1.1:4000", "198.51.100.1, unknown, 10.2.2.2", "10.2.2.2"},
		{"[fd00::1]:4000", "2001:db8::7", "2001:db8::7"},
	} {
		headers := []string{"X-Forwarded-Proto", "https"}
		if c.forwarded != "" {
			headers = append(headers, "X-Forwarded-For", c.forwarded)
		}
		if _, got := o.arrive(c.peer, true, headers...); got != c.want {
			t.Errorf("from %s, forwarded for %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
	if _, got := o.arrive("10.1.1.1:4000", true, "X-Forwarded-For", "192.0.2.66", "X-Forwarded-For", "198.51.100.1"); got != "198.51.100.1" {
		t.Errorf("of two headers: %s", got)
	}
}

// Whatever a client puts before what the proxy adds, it is known by the address that the proxy saw.
func TestNobodyChoosesTheirAddress(t *testing.T) {
	o := behind(t)
	rapid.Check(t, func(t *rapid.T) {
		claimed := rapid.StringMatching(`[ -~]{0,40}`).Draw(t, "claimed")
		if _, got := o.arrive("10.1.1.1:4000", true, "X-Forwarded-For", claimed+", 198.51.100.1"); got != "198.51.100.1" {
			t.Fatalf("%q: %s", claimed, got)
		}
	})
}

func TestWhatOthersCanReadIsRefused(t *testing.T) {
	o := behind(t)
	for _, c := range []struct {
		what, peer string
		tls        bool
		headers    []string
		status     int
	}{
		{"over TLS", "203.0.113.9:4000", true, nil, 200},
		{"plainly", "203.0.113.9:4000", false, nil, 403},
		{"plainly, claiming otherwise", "203.0.113.9:4000", false, []string{"X-Forwarded-Proto", "https"}, 403},
		{"on the machine", "127.0.0.1:4000", false, nil, 200},
		{"through the proxy", "10.1.1.1:4000", false, []string{"X-Forwarded-Proto", "https"}, 200},
		{"plainly through the proxy", "10.1.1.1:4000", false, []string{"X-Forwarded-Proto", "http"}, 403},
		{"through a proxy that does not say", "10.1.1.1:4000", false, nil, 403},
		{"through a proxy that says two things", "10.1.1.1:4000", false, []string{"X-Forwarded-Proto", "https", "X-Forwarded-Proto", "http"}, 403},
	} {
		w, _ := o.arrive(c.peer, c.tls, c.headers...)
		if w.Code != c.status || c.status == 403 && !strings.Contains(w.Body.String(), `"https_required"`) {
			t.Errorf("%s: %d %s, want %d", c.what, w.Code, w.Body, c.status)
		}
	}
}

// Browsers remember that there is only https, whatever they are answered.
func TestBrowsersAreToldToComeOverHTTPS(t *testing.T) {
	o := behind(t)
	for _, path := range []string{"/v1/departments", "/v1/none"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path, nil)
		r.TLS = &tls.ConnectionState{}
		o.api.ServeHTTP(w, r)
		if got := w.Header().Values("Strict-Transport-Security"); len(got) != 1 || got[0] != "max-age=31536000" {
			t.Errorf("%s: %d with %q", path, w.Code, got)
		}
	}
	plain := openOffice(t)
	if got := plain.do(chief, "GET", "/v1/departments", "").Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("where the public address is http: %q", got)
	}
}
