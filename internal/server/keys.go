package server

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/session"
)

// SigningKeys lists the keys that sign access tokens. Nodes may be serving.
func SigningKeys(ctx context.Context, p Place) (keys []session.KeyState, err error) {
	err = p.withTool(ctx, func(s *Server) error {
		keys, err = s.Sessions.SigningKeys(ctx)
		return err
	})
	return keys, err
}

// RotateSigning replaces the key that signs access tokens; see [session.Service.RotateKeys]. Nodes may be serving.
func RotateSigning(ctx context.Context, p Place, how session.Rotation) (key session.KeyState, err error) {
	err = p.withTool(ctx, func(s *Server) error {
		key, err = s.Sessions.RotateKeys(ctx, how)
		return err
	})
	return key, err
}

// withTool opens the place for a command.
func (p Place) withTool(ctx context.Context, f func(*Server) error) error {
	installation, err := p.Open(ctx)
	if err != nil {
		return err
	}
	address, _, err := installation.Address(ctx, "")
	if err != nil {
		return errors.Join(err, installation.Close())
	}
	s, err := installation.tool(ctx, address)
	if err == nil {
		err = f(s)
	}
	return errors.Join(err, installation.Close())
}
