package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNodeName bounds the name of a node, in bytes: it stands in every record.
const maxNodeName = 64

// settleNode decides what the process is called. The demonstration has one node, so that nobody's printed
// passwords are replaced behind their back.
func (c *serveCommand) settleNode() error {
	if c.Demo {
		c.Node = cmp.Or(c.Node, "demo")
	}
	c.Node = cmp.Or(c.Node, defaultNode(c.Listen))
	odd := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	if len(c.Node) > maxNodeName || !utf8.ValidString(c.Node) || strings.ContainsFunc(c.Node, odd) {
		return errUsage{errors.New("--node: expected a name of at most 64 bytes without spaces")}
	}
	return nil
}

// defaultNode is the same at each start, so that records of one node bear one name, and another for every process
// that can listen at the same time. Whoever takes any free port cannot have such a name.
func defaultNode(listen string) string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	_, port, _ := net.SplitHostPort(listen)
	if port == "" || port == "0" {
		port = strings.ToLower(rand.Text()[:6])
	}
	return host[:min(len(host), maxNodeName-len(port)-1)] + ":" + port
}
