package session

import (
	"net"
	"net/http"
	"strings"
	"time"
)

// The names of the refresh cookie. Browsers take one that begins with __Host- only over https, for
// this host alone and from no other path; over http on the machine itself they would not take it.
const (
	refreshCookieName  = "__Host-usher_refresh"
	loopbackCookieName = "usher_refresh"
)

// RefreshCookie is the part of an input that holds the refresh cookie. Only the form that belongs to
// the public address counts.
type RefreshCookie struct {
	Secure string `cookie:"__Host-usher_refresh" doc:"The refresh token"`
	Plain  string `cookie:"usher_refresh" doc:"The refresh token, where the public address is http on this machine"`
}

// secure tells which form the cookie has. The public address decides, and nothing a client sends.
func (s *Service) secure() bool { return !strings.HasPrefix(s.config.URL, "http://") }

func (s *Service) refreshTokenIn(in RefreshCookie) (refreshToken, bool) {
	if s.secure() {
		return parseRefreshToken(in.Secure)
	}
	return parseRefreshToken(in.Plain)
}

// cookie is the header that gives the browser its refresh token until expires.
func (s *Service) cookie(t refreshToken, expires, now time.Time) string {
	c := s.bareCookie(refreshCookieName, loopbackCookieName)
	c.Value = t.text()
	c.MaxAge = int(expires.Sub(now).Seconds())
	return c.String()
}

// noCookie is the header that takes the refresh token away.
func (s *Service) noCookie() string {
	c := s.bareCookie(refreshCookieName, loopbackCookieName)
	c.MaxAge = -1 // written as Max-Age=0
	return c.String()
}

// bareCookie has the first name over https, and the second over http on the machine itself.
func (s *Service) bareCookie(name, loopback string) http.Cookie {
	c := http.Cookie{Name: loopback, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if s.secure() {
		c.Name, c.Secure = name, true
	}
	return c
}

// Loopback tells whether the host of an address is the machine itself. Only there may the public
// address be http.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
