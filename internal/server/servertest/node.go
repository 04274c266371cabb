package servertest

import (
	"testing"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
)

// RunNode is [Run] for a node that shares something with others.
func RunNode(t testing.TB, db *store.DB, shared *cluster.Cluster) *Server {
	t.Helper()
	return run(t, db, server.Config{Node: "test", Cluster: shared}, &Clock{}, t.TempDir())
}

// Beside starts another node of the same installation, with the same clock, on a handle of its own on
// the database.
func (s *Server) Beside(name string, db *store.DB, shared *cluster.Cluster) *Server {
	s.t.Helper()
	how := run
	if s.live {
		how = start
	}
	return how(s.t, db, server.Config{Node: name, Cluster: shared, URL: s.URL, Paces: s.paces}, s.Clock, s.Files)
}

// At is the same client, as another node sees it.
func (c *Client) At(node *Server) *Client {
	there := *c
	there.server = node
	return &there
}

// Address is where this node listens.
func (s *Server) Address() string { return s.address }
