package server

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// ErrNoSocket: commands on this machine cannot reach the server.
var ErrNoSocket = errors.New("commands on this machine do not reach this server")

// MachineSocket is where commands on the machine reach the server that serves a folder. Whoever can open it holds
// everything, so that it is of mode 0600: the owner of the folder can.
type MachineSocket struct {
	net.Listener
	path string
	made fs.FileInfo // what lies there while it is this one
}

// socketFile is its name in the data folder.
const socketFile = "usher.sock"

func (p Place) socket() string {
	if p.Data == "" {
		return ""
	}
	return filepath.Join(p.Data, socketFile)
}

// ListenMachine opens the socket in the data folder, in the place of one that a dead server has left. The error is
// [ErrNoSocket] where there is no folder, its path is too long for a socket, or another node of this machine, which
// works on the same database, is reached through it.
func (i *Installation) ListenMachine(ctx context.Context) (*MachineSocket, error) {
	path := i.place.socket()
	if path == "" {
		return nil, errors.Join(ErrNoSocket, errors.New("there is no data folder"))
	}
	if other, err := dialSocket(ctx, path); err == nil {
		return nil, errors.Join(ErrNoSocket, errors.New("another node answers at "+path), other.Close())
	}
	s, err := listenAt(path)
	if err != nil {
		return nil, errors.Join(ErrNoSocket, err)
	}
	return s, nil
}

// listenAt gives the socket its name when nobody but the owner can open it any more: until then it lies in a folder of
// its own. To rename it takes away what lay there.
func listenAt(path string) (*MachineSocket, error) {
	apart, err := os.MkdirTemp(filepath.Dir(path), ".s")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(apart)
	made := filepath.Join(apart, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: made, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // by then it has another name
	s := &MachineSocket{Listener: l, path: path}
	if err = os.Chmod(made, 0o600); err == nil {
		s.made, err = os.Lstat(made)
	}
	if err == nil {
		err = os.Rename(made, path)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return s, nil
}

// Close ends it and takes its name away, unless another server has put its own there.
func (s *MachineSocket) Close() error {
	if lies, err := os.Lstat(s.path); err == nil && os.SameFile(lies, s.made) {
		_ = os.Remove(s.path)
	}
	return s.Listener.Close()
}

func dialSocket(ctx context.Context, path string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "unix", path)
}
