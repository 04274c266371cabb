package session

import (
	"github.com/usher-desk/usher/internal/identity"
)

// issuedOutput is the answer to a sign-in, a refresh and a changed password or second factor.
type issuedOutput struct {
	SetCookie string `header:"Set-Cookie" doc:"The refresh token, which is nowhere else"`
	Body      issuedJSON
}

type issuedJSON struct {
	AccessToken string            `json:"access_token" doc:"Send it as Authorization: Bearer"`
	TokenType   string            `json:"token_type" enum:"Bearer"`
	ExpiresIn   int64             `json:"expires_in" doc:"Life of the access token in seconds"`
	User        identity.UserJSON `json:"user"`

	RecoveryCodes []string `json:"recovery_codes,omitempty" doc:"Shown this once, where a second factor was enrolled"`
}

func (s *Service) output(i issued) *issuedOutput {
	return &issuedOutput{
		SetCookie: s.cookie(i.refresh, i.expires, i.at),
		Body:      i.json(),
	}
}

func (i issued) json() issuedJSON {
	return issuedJSON{
		AccessToken: i.access, TokenType: "Bearer", ExpiresIn: int64(i.life.Seconds()), User: i.user, RecoveryCodes: i.recovery,
	}
}
