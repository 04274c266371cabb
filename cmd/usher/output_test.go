package main

import (
	"bytes"
	"context"
	"strings"
)

// output runs a command in this process and returns what it printed and how it ended.
func output(args []string) (text string, code int) {
	var out bytes.Buffer
	code = run(context.Background(), args, streams{strings.NewReader(""), &out, &out})
	return out.String(), code
}
