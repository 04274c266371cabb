package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/usher-desk/usher/internal/blob"
)

// doors are what a server opens beside its database: where it listens, and the folder of uploaded files.
type doors struct {
	files    *blob.Folder
	listener net.Listener
	admin    adminSide
}

// openDoors opens all of them, or none.
func (c serveCommand) openDoors() (d doors, err error) {
	if d.files, err = c.openFiles(); err != nil {
		return d, err
	}
	if d.listener, err = listenAt("--listen", c.Listen); err != nil {
		d.files.Close()
		return d, err
	}
	if d.admin, err = c.openAdmin(); err != nil {
		d.listener.Close()
		d.files.Close()
	}
	return d, err
}

// listenAt opens the address that a flag names.
func listenAt(flag, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("something else listens there; give another address with %s", flag)
	}
	if err != nil {
		return nil, errUsage{fmt.Errorf("%s %s: %w", flag, address, err)}
	}
	return l, nil
}

func (d *doors) close() {
	d.admin.close()
	d.listener.Close()
	d.files.Close()
}

// openFiles opens the folder of uploaded files.
func (c serveCommand) openFiles() (*blob.Folder, error) {
	dir := c.Files
	if dir == "" {
		dir = c.place().FilesFolder()
	}
	if dir == "" {
		return nil, errUsage{errors.New("--files: say where uploaded files lie, as there is no --data")}
	}
	files, err := blob.NewFolder(dir)
	if err != nil {
		return nil, errUsage{fmt.Errorf("--files: %w", err)}
	}
	return files, nil
}
