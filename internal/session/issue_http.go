package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/identity"
)

// issuedOutput is the answer to a sign-in, a refresh and a changed password or second factor.
type issuedOutput struct {
	SetCookie []string `header:"Set-Cookie" doc:"The refresh token, which is nowhere else; after a sign-in also what the browser is known by"`
	Body      issuedJSON
}

type issuedJSON struct {
	AccessToken string            `json:"access_token" doc:"Send it as Authorization: Bearer"`
	TokenType   string            `json:"token_type" enum:"Bearer"`
	ExpiresIn   int64             `json:"expires_in" doc:"Life of the access token in seconds"`
	User        identity.UserJSON `json:"user"`
	Warnings    int64             `json:"sign_in_warnings" doc:"How many lines of /v1/me/sign-ins have come with new_device or burst: since the last sign-in with this browser, since the session was last renewed, or for a new browser in 30 days"`

	RecoveryCodes []string `json:"recovery_codes,omitempty" doc:"Shown this once, where a second factor was enrolled"`
}

func (s *Service) output(i issued) *issuedOutput {
	cookies := []string{s.cookie(i.refresh, i.expires, i.at)}
	if i.browser.shows != nil {
		cookies = append(cookies, s.deviceCookie(i.browser.shows))
	}
	return &issuedOutput{
		SetCookie: cookies,
		Body:      i.json(),
	}
}

func (i issued) json() issuedJSON {
	return issuedJSON{
		AccessToken: i.access, TokenType: "Bearer", ExpiresIn: int64(i.life.Seconds()), User: i.user, Warnings: i.warnings, RecoveryCodes: i.recovery,
	}
}

// nobody takes back who the record says is acting: what they would have been signed in for did not
// happen.
func nobody(ctx context.Context, err error) error {
	api.CallFrom(ctx).Caller = nil
	return err
}
