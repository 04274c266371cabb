//go:build linux || darwin || freebsd

package server

import "syscall"

// freeOn is how many bytes an ordinary user may still write to the disk that a folder lies on.
func freeOn(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
