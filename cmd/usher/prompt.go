package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// promptTwice asks for a password at the terminal, twice, as nobody sees what they type.
func promptTwice(ctx context.Context, std streams) (string, error) {
	terminal, ok := std.in.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return "", errUsage{errors.New("no terminal to ask for a password: give --password-file FILE, or - for standard input")}
	}
	first, err := prompt(ctx, terminal, std.err, "Password of the administrator: ")
	if err != nil {
		return "", err
	}
	second, err := prompt(ctx, terminal, std.err, "Again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ")
	}
	return first, nil
}

// errInterrupted ends a command that was interrupted while it asked something.
var errInterrupted = errors.New("interrupted; nothing was done")

// prompt reads one line without showing it. Reading cannot be interrupted, so that an interruption
// leaves the reader behind and puts the terminal right itself.
func prompt(ctx context.Context, terminal *os.File, to io.Writer, question string) (string, error) {
	before, err := term.GetState(int(terminal.Fd()))
	if err != nil {
		return "", err
	}
	fmt.Fprint(to, question)
	defer fmt.Fprintln(to)
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(int(terminal.Fd()))
		read <- line{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", errors.Join(errInterrupted, term.Restore(int(terminal.Fd()), before))
	case l := <-read:
		if errors.Is(l.err, io.EOF) {
			return "", errInterrupted
		}
		return string(l.text), l.err
	}
}
