//go:build !linux && !darwin && !freebsd

package server

import "errors"

func freeOn(string) (int64, error) { return 0, errors.ErrUnsupported }
