package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/usher-desk/usher/internal/backup"
)

// bar tells people at a terminal how far something is, in one line that it writes over.
type bar struct {
	to      io.Writer // nil where nobody looks
	percent int64     // that stands there; -1 for none
}

func newBar(to io.Writer) *bar {
	if terminal, ok := to.(*os.File); !ok || !term.IsTerminal(int(terminal.Fd())) {
		to = nil
	}
	return &bar{to, -1}
}

// progress is nil where nobody looks.
func (b *bar) progress() backup.Progress {
	if b.to == nil {
		return nil
	}
	return func(done, total int64) {
		if percent := min(100*done/max(total, 1), 100); percent != b.percent {
			b.percent = percent
			fmt.Fprintf(b.to, "\r%3d %%", percent)
		}
	}
}

// end goes on to the next line.
func (b *bar) end() {
	if b.percent >= 0 {
		fmt.Fprintln(b.to)
	}
}
