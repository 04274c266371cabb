package platform_test

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
)

const chosen = "seven purple lamps on the roof"

// first is what the first tenant is asked for with.
func first(secret string) object {
	return object{"secret": secret, "tenant": "acme", "username": "zhou", "password": chosen}
}

func offer(t *testing.T, s *servertest.Server) string {
	t.Helper()
	link, _, err := s.Platform.OfferSetUp(t.Context())
	if err != nil || !strings.HasPrefix(link, s.URL+"/setup#") {
		t.Fatalf("offered %q, %v", link, err)
	}
	return link
}

func setUp(s *servertest.Server, body any, headers ...string) *servertest.Answer {
	return s.Client().Do("POST", "/v1/setup", body, headers...)
}

func TestTheFirstLinkMakesAnAdministratorWithASecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		link := offer(t, s)
		made := setUp(s, first(link)).Expect(201)
		challenge := object{"challenge": made.String("challenge")}
		c := s.Client()
		c.Do("POST", "/v1/auth/login", object{"tenant": "acme", "username": "zhou", "password": chosen}).Refused(401, "mfa_enrolment_required")
		code, err := identity.FactorCode(c.Do("POST", "/v1/auth/login/enrol", challenge).Expect(200).String("secret"), s.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		challenge["code"] = code
		in := c.Do("POST", "/v1/auth/login/otp", challenge).Expect(200)
		c.Token = in.String("access_token")
		me := c.Do("GET", "/v1/me", nil).Expect(200)
		if me.String("username") != "zhou" || me.String("tenant", "slug") != "acme" || len(me.Value("roles").([]any)) != 1 || me.Value("roles").([]any)[0] != "admin" {
			t.Errorf("the first administrator is %s", me.Body)
		}
		c.Do("PATCH", "/v1/settings", object{"name": "Acme"}, "If-Match", c.Do("GET", "/v1/settings", nil).ETag()).Expect(200)
		setUp(s, first(link)).Refused(422, "bad_link")
		if again, _, err := s.Platform.OfferSetUp(t.Context()); again != "" || err != nil {
			t.Errorf("offered again: %q, %v", again, err)
		}
		g := &ground{s: s, t: t}
		for _, trail := range []string{made.String("tenant", "id"), "platform"} {
			if told := trailOf(g, trail); !strings.Contains(strings.Join(told, "\n"), "tenant.create by anonymous") {
				t.Errorf("the trail of %s has %v", trail, told)
			}
		}
	})
}

func TestTheFirstLinkIsGoodForAQuarterOfAnHour(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		link := offer(t, s)
		s.Clock.Advance(15 * time.Minute)
		setUp(s, first(link)).Refused(422, "bad_link")
		newer := offer(t, s)
		setUp(s, first(link)).Refused(422, "bad_link")
		_, secret, _ := strings.Cut(newer, "#")
		setUp(s, first(" "+secret+"\n")).Expect(201)
	})
}

// Whatever is there already, and whatever is wrong with a secret, it is answered like one that never was.
func TestNobodySetsUpWhatIsSetUp(t *testing.T) {
	for what, begin := range map[string]func(s *servertest.Server){
		"a tenant":           func(s *servertest.Server) { s.NewTenant("beta", "it-desk") },
		"a platform's admin": func(s *servertest.Server) { s.PlatformTenant().NewUser("root", nil, "platform_admin") },
	} {
		t.Run(what, func(t *testing.T) {
			servertest.Each(t, func(t *testing.T, s *servertest.Server) {
				link := offer(t, s)
				never := setUp(s, first("platform.01900000-0000-7000-8000-000000000000."+strings.Repeat("A", 43))).Refused(422, "bad_link")
				begin(s)
				late := setUp(s, first(link)).Refused(422, "bad_link")
				if neutral(never) != neutral(late) {
					t.Errorf("the two can be told apart: %s %s", never.Body, late.Body)
				}
				if again, _, err := s.Platform.OfferSetUp(t.Context()); again != "" || err != nil {
					t.Errorf("offered: %q, %v", again, err)
				}
			})
		})
	}
}

func neutral(a *servertest.Answer) string {
	return strings.ReplaceAll(string(a.Body), a.String("request"), "")
}

func TestSettingUpRefuses(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		setUp(s, first("platform.a."+strings.Repeat("A", 43))).Refused(422, "bad_link") // before there is any
		link := offer(t, s)
		for field, bad := range map[string][]any{
			"secret":    {"", 7},
			"tenant":    {"", "Acme", "platform", "a"},
			"name":      {"a\tb"},
			"preset":    {"platform", "none"},
			"locale":    {"fr"},
			"time_zone": {"Moon"},
			"username":  {"", "a\u200bb"},
			"password":  {""},
		} {
			for _, value := range bad {
				body := first(link)
				body[field] = value
				refused := setUp(s, body).Refused(422, "invalid_request")
				if !strings.Contains(string(refused.Body), `"location":"body.`+field) || strings.Contains(string(refused.Body), chosen) {
					t.Errorf("%s %v: %s", field, value, refused.Body)
				}
			}
		}
		weak := first(link)
		weak["password"] = "password1234"
		setUp(s, weak).Refused(422, "weak_password")
		for _, secret := range []string{"x", "#", "..", link + "A", link[:len(link)-1], strings.Replace(link, "platform.", "*.", 1)} {
			setUp(s, first(secret)).Refused(422, "bad_link")
		}
		setUp(s, first(link), "Origin", "https://evil.example").Refused(403, "foreign_origin")
		setUp(s, first(link)).Expect(201)
	})
}

func TestOfTwoWhoSetUpAtOnceOneDoes(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		link := offer(t, s)
		answers := make(chan *servertest.Answer)
		for _, slug := range []string{"acme", "beta"} {
			body := first(link)
			body["tenant"] = slug
			go func() { answers <- setUp(s, body) }()
		}
		good := 0
		for range 2 {
			switch a := <-answers; {
			case a.Status == 201:
				good++
			case a.Code() != "bad_link":
				t.Errorf("one of two: %d %s", a.Status, a.Body)
			}
		}
		if good != 1 {
			t.Errorf("%d of two set up", good)
		}
	})
}
