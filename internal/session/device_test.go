package session_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// signInWith tries to sign in to acme with a browser that shows cookies.
func (p *program) signInWith(cookies, name, password, address string) *http.Response {
	return p.post("/v1/auth/login", fmt.Sprintf(`{"tenant":"acme","username":%q,"password":%q}`, name, password), address, "Cookie", cookies)
}

// deviceOf is what the browser is known by after a sign-in.
func deviceOf(t *testing.T, r *http.Response) string {
	t.Helper()
	expect(t, r, 200, "")
	return cookieNamed(t, r, "usher_device")
}

// known signs somebody in with a browser and tells whether the sign-in log says that the browser was known.
func (p *program) known(t *testing.T, device, name string) bool {
	t.Helper()
	expect(t, p.signInWith(device, name, servertest.Password, office), 200, "")
	return p.lastIsKnown(t)
}

func (p *program) lastIsKnown(t *testing.T) bool {
	t.Helper()
	last := p.texts(t, p.acme.ID, `
		SELECT CASE WHEN l.new_device THEN '' ELSE 'known' END
		FROM sign_ins l
		WHERE l.tenant_id = $1
		ORDER BY l.id DESC
		LIMIT 1`)
	return last[0] == "known"
}

func TestDeviceCookieKeepsToItself(t *testing.T) {
	const days400 = 400 * 24 * 60 * 60
	eachProgram(t, func(t *testing.T, p *program) {
		for _, form := range []struct {
			url  string
			want http.Cookie
		}{
			{"http://127.0.0.1:8080", http.Cookie{Name: "usher_device"}},
			{"https://desk.example", http.Cookie{Name: "__Host-usher_device", Secure: true}},
		} {
			form.want.Path, form.want.MaxAge, form.want.HttpOnly, form.want.SameSite = "/", days400, true, http.SameSiteStrictMode
			p.node = startNode(t, p.DB, form.url)
			r := p.signInFrom(office, servertest.Password)
			expect(t, r, 200, "")
			got := *r.Cookies()[1]
			if len(got.Value) != 43 {
				t.Errorf("value %s", got.Value)
			}
			if !p.known(t, deviceOf(t, r), "ann") || p.known(t, strings.ToUpper(deviceOf(t, r)), "ann") {
				t.Errorf("%s: the browser is not known by the cookie alone", form.url)
			}
			for _, hash := range p.texts(t, p.acme.ID, `SELECT CAST(d.secret_hash AS TEXT) FROM devices d WHERE d.tenant_id = $1`) {
				if strings.Contains(hash, got.Value) {
					t.Error("the secret is kept")
				}
			}
			got.Value, got.Raw = "", ""
			if diff := cmp.Diff(form.want, got); diff != "" {
				t.Errorf("%s: %s", form.url, diff)
			}
		}
	})
}

// Nothing but a completed sign-in makes a browser known.
func TestOnlyASignInMakesABrowserKnown(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		for _, r := range []*http.Response{
			p.signInFrom(office, "wrong"),
			p.refresh(p.refreshCookie(t)),
		} {
			if slices.ContainsFunc(r.Cookies(), func(c *http.Cookie) bool { return strings.Contains(c.Name, "device") }) {
				t.Errorf("%d: %v", r.StatusCode, r.Cookies())
			}
		}
	})
}

func TestAKnownBrowserIsNotHeldUpByOthers(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		device := deviceOf(t, p.signInFrom(office, servertest.Password))
		p.spray(t, 20)
		clock.Advance(time.Second)
		expect(t, p.try("acme", "person0", "wrong", office), 401, "")
		p.failUnder(t, "ann", 0, 100)
		for _, address := range []string{office, abroad, elsewhere(5)} {
			expect(t, p.signInFrom(address, servertest.Password), 429, "60")
			expect(t, p.signInWith(device, "ann", servertest.Password, address), 200, "")
		}
		expect(t, p.signInWith(device, "ann", "wrong", office), 401, "")
		expect(t, p.signInWith(device, "bob", servertest.Password, office), 429, "1") // it is ann's
	})
}

// A known browser has a counter of its own, wherever it is, and others have nothing of its failures.
func TestAKnownBrowserIsCountedApart(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		device := deviceOf(t, p.signInFrom(office, servertest.Password))
		other := deviceOf(t, p.signInFrom(abroad, servertest.Password))
		for n := range 5 {
			expect(t, p.signInWith(device, "ann", "wrong", elsewhere(n)), 401, "")
		}
		expect(t, p.signInWith(device, "ann", servertest.Password, abroad), 429, "1")
		expect(t, p.signInFrom(elsewhere(0), servertest.Password), 200, "")
		expect(t, p.signInWith(other, "ann", servertest.Password, office), 200, "")
		if tries := p.texts(t, p.acme.ID, `SELECT r.id FROM sign_in_tries r WHERE r.tenant_id = $1`); len(tries) != 0 {
			t.Errorf("%d failures count against everybody", len(tries))
		}
		clock.Advance(time.Second)
		expect(t, p.signInWith(device, "ann", servertest.Password, office), 200, "")
		for range 4 {
			expect(t, p.signInWith(device, "ann", "wrong", office), 401, "")
		}
		expect(t, p.signInWith(device, "ann", servertest.Password, office), 200, "")
	})
}

// Whatever a stranger shows, they are held up like any stranger.
func TestForeignDeviceCookiesGainNothing(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		hers := deviceOf(t, p.signInFrom(office, servertest.Password))
		p.NewTenant("other", "it-desk").NewUser("ann", nil)
		namesake := deviceOf(t, p.try("other", "ann", servertest.Password, office))
		p.acme.NewUser("bob", nil)
		bobs := deviceOf(t, p.try("acme", "bob", servertest.Password, office))
		p.failUnder(t, "ann", 0, 100)
		for _, cookie := range []string{
			namesake, bobs, "usher_device=" + strings.Repeat("A", 43), "usher_device=" + strings.Repeat("=", 43), "usher_device=",
			"__Host-" + hers, hers + ".", hers + "." + strings.Repeat("A", 42), hers + strings.Repeat("."+strings.Repeat("A", 43), 8),
		} {
			expect(t, p.signInWith(cookie, "ann", servertest.Password, abroad), 429, "60")
		}
		for n := range 100 {
			expect(t, p.signInWith(hers, "nobody", "wrong", elsewhere(n)), 401, "")
		}
		expect(t, p.signInWith(hers, "nobody", "wrong", abroad), 429, "60")
	})
}

// A desk is shared: each of its people is known there, until too many others are.
func TestUsersShareABrowser(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		device := deviceOf(t, p.signInFrom(office, servertest.Password))
		for n := range 7 {
			name := fmt.Sprintf("person%d", n)
			p.acme.NewUser(name, nil)
			device = deviceOf(t, p.signInWith(device, name, servertest.Password, office))
		}
		device = deviceOf(t, p.signInWith(device, "ann", servertest.Password, office)) // her turn again
		p.acme.NewUser("bob", nil)
		device = deviceOf(t, p.signInWith(device, "bob", servertest.Password, office))
		if !p.known(t, device, "ann") || !p.known(t, device, "person1") || p.known(t, device, "person0") {
			t.Error("not the one who was there longest ago is forgotten")
		}
	})
}

// A device cookie that somebody leaves in another's browser is not made known for the other.
func TestACookieThatIsPlantedIsWorthless(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.acme.NewUser("bob", nil)
		planted := deviceOf(t, p.try("acme", "bob", servertest.Password, office))
		made := "usher_device=" + strings.Repeat("A", 43)
		for _, cookie := range []string{planted, made} {
			for range 2 { // nor does it become known when she signs in with it
				if p.known(t, cookie, "ann") {
					t.Errorf("%s is known for ann", cookie)
				}
			}
		}
	})
}

func TestAUserIsKnownInTwentyBrowsers(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		var devices []string
		for range 20 {
			devices = append(devices, deviceOf(t, p.signInFrom(office, servertest.Password)))
		}
		if !p.known(t, devices[0], "ann") {
			t.Error("the first of twenty is not known")
		}
		p.known(t, "", "ann") // the twenty-first
		if !p.known(t, devices[0], "ann") || p.known(t, devices[1], "ann") {
			t.Error("not the one seen longest ago is forgotten")
		}
	})
}

func TestABrowserIsKnownFor400DaysAfterASignIn(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		const days400 = 400 * 24 * time.Hour
		device := deviceOf(t, p.signInFrom(office, servertest.Password))
		for range 2 {
			clock.Advance(days400 - time.Microsecond)
			if !p.known(t, device, "ann") {
				t.Error("not known any more")
			}
		}
		clock.Advance(days400)
		if p.known(t, device, "ann") {
			t.Error("known for ever")
		}
		if kept := p.texts(t, p.acme.ID, `SELECT d.id FROM devices d WHERE d.tenant_id = $1`); len(kept) != 1 {
			t.Errorf("%d devices are kept", len(kept))
		}
	})
}

// Whoever ends sessions does not trust the browsers that they are in. Signing out says nothing of the kind.
func TestWhoEndsSessionsForgetsTheirBrowsers(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		chief, her := p.admin.SignIn(), "/v1/users/"+p.ann.ID
		for what, end := range map[string]struct {
			do         func(own *servertest.Client, ownID, otherID string)
			own, other bool // which of the browsers are still known
		}{
			"signing out": {func(own *servertest.Client, _, _ string) { own.Do("POST", "/v1/auth/logout", nil).Expect(204) }, true, true},
			"ending one of her own": {func(own *servertest.Client, _, id string) {
				own.Do("DELETE", "/v1/me/sessions/"+id, nil).Expect(204)
			}, true, false},
			"ending all others": {func(own *servertest.Client, _, _ string) { own.Do("DELETE", "/v1/me/sessions", nil).Expect(204) }, true, false},
			"changing the password": {func(own *servertest.Client, _, _ string) {
				own.Token = own.Do("POST", "/v1/auth/password", passwords(servertest.Password, nextPassword)).Expect(200).String("access_token")
				own.Do("POST", "/v1/auth/password", passwords(nextPassword, servertest.Password)).Expect(200)
			}, true, false},
			"an administrator ending one": {func(_ *servertest.Client, id, _ string) {
				chief.Do("DELETE", her+"/sessions/"+id, nil).Expect(204)
			}, false, true},
			"an administrator ending all": {func(*servertest.Client, string, string) {
				chief.Do("DELETE", her+"/sessions", nil).Expect(204)
			}, false, false},
			"being disabled": {func(*servertest.Client, string, string) {
				chief.Do("POST", her+"/disable", nil).Expect(200)
				chief.Do("POST", her+"/enable", nil).Expect(200)
			}, false, false},
			"a password link": {func(*servertest.Client, string, string) {
				link := chief.Do("POST", her+"/password-link", nil).Expect(201).String("link")
				p.Client().Do("POST", "/v1/auth/links/redeem", map[string]any{"link": link, "password": servertest.Password}).Expect(200)
			}, false, false},
		} {
			own, other := p.ann.SignIn(), p.ann.SignIn()
			end.do(own, sessionOf(t, own), sessionOf(t, other))
			if got := p.knownAgain(t, own); got != end.own {
				t.Errorf("%s: her own browser is known: %v", what, got)
			}
			if got := p.knownAgain(t, other); got != end.other {
				t.Errorf("%s: her other browser is known: %v", what, got)
			}
		}
	})
}

// Whoever copied the refresh token has copied the device cookie.
func TestReuseForgetsTheBrowser(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		r := p.signInFrom(office, servertest.Password)
		device, first := deviceOf(t, r), cookieOf(t, r)
		p.refreshed(t, p.refreshed(t, first))
		expect(t, p.refresh(first), 401, "")
		if p.known(t, device, "ann") {
			t.Error("the browser is still known")
		}
	})
}

// knownAgain signs ann in with a client that she has used.
func (p *program) knownAgain(t *testing.T, c *servertest.Client) bool {
	t.Helper()
	c.Token = ""
	c.Do("POST", "/v1/auth/login", map[string]any{"tenant": "acme", "username": "ann", "password": servertest.Password}).Expect(200)
	return p.lastIsKnown(t)
}

// With a second factor it is the code that completes a sign-in. The password alone makes nothing known.
func TestABrowserIsKnownAfterTheSecondFactor(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.Client()
		body := map[string]any{"username": "root", "password": servertest.Password}
		a := c.Do("POST", "/v1/auth/login", body).Refused(401, "mfa_required")
		if len(a.Header.Values("Set-Cookie")) != 0 {
			t.Error("a cookie for a password alone")
		}
		c.SignIn(p.admin)
		if p.lastIsKnown(t) {
			t.Error("the browser was known before")
		}
		c.SignIn(p.admin)
		if !p.lastIsKnown(t) {
			t.Error("the browser is not known")
		}
	})
}
