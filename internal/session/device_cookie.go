package session

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// The names of the device cookie, as those of the refresh cookie.
const (
	deviceCookieName         = "__Host-usher_device"
	loopbackDeviceCookieName = "usher_device"
)

// DeviceCookie is the part of an input that holds the device cookie. Only the form that belongs to the
// public address counts.
type DeviceCookie struct {
	SecureDevice string `cookie:"__Host-usher_device" doc:"By which a browser is known again that somebody has signed in with"`
	PlainDevice  string `cookie:"usher_device" doc:"The same, where the public address is http on this machine"`
}

func (s *Service) browserIn(in DeviceCookie) browser {
	if s.secure() {
		return parseBrowser(in.SecureDevice)
	}
	return parseBrowser(in.PlainDevice)
}

// browserForm is that of [browser.text]: 43 characters hold the 32 bytes of a secret.
var browserForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}(\.[A-Za-z0-9_-]{43}){0,7}$`)

// parseBrowser takes apart what a client sent. Whatever is not as we wrote it shows nothing.
func parseBrowser(text string) browser {
	if !browserForm.MatchString(text) {
		return nil
	}
	var b browser
	for part := range strings.SplitSeq(text, ".") {
		secret, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil {
			return nil
		}
		b = append(b, secret)
	}
	return b
}

// text is the secrets in base64url, joined by dots.
func (b browser) text() string {
	parts := make([]string, len(b))
	for i, secret := range b {
		parts[i] = base64.RawURLEncoding.EncodeToString(secret)
	}
	return strings.Join(parts, ".")
}

// deviceCookie is the header by which the browser is known from now on.
func (s *Service) deviceCookie(b browser) string {
	c := s.bareCookie(deviceCookieName, loopbackDeviceCookieName)
	c.Value = b.text()
	c.MaxAge = int(deviceLife.Seconds())
	return c.String()
}
