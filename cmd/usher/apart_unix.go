//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// setApart gives a child a process group of its own: Ctrl-C at a terminal reaches this process, which then
// still needs it for a while.
func setApart(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
