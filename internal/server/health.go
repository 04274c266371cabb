package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// live says that the process answers. It looks at nothing else: a restart would not mend a database.
func live(w http.ResponseWriter, _ *http.Request) {
	writeStatus(w, http.StatusOK, "ok", nil)
}

// readyTimeout bounds how long readiness waits for a dependency.
const readyTimeout = 2 * time.Second

// ready says whether requests can be served: the database answers. A Redis that is away makes the node
// slower to obey the others, and nothing else; on a disk that is nearly full everybody can still read.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	status, code, parts := "ok", http.StatusOK, map[string]string{"database": "ok"}
	if s.config.Cluster.Shared() {
		parts["redis"] = "ok"
		if s.config.Cluster.Health() != nil {
			status, parts["redis"] = "degraded", "down"
		}
	}
	if !s.room.left() {
		status, parts["disk"] = "degraded", "low"
	}
	if err := s.config.DB.Ping(ctx); err != nil {
		status, code, parts["database"] = "unavailable", http.StatusServiceUnavailable, "down"
	}
	writeStatus(w, code, status, parts)
}

func writeStatus(w http.ResponseWriter, code int, status string, parts map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	answer := struct {
		Status string            `json:"status"`
		Parts  map[string]string `json:"parts,omitempty"`
	}{status, parts}
	_ = json.NewEncoder(w).Encode(answer) // a prober that left hears nothing
}

// welcome tells who opens the bare address where to go on.
func (s *Server) welcome(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, `Usher 引座 %s

Sign in:          POST %[2]s/v1/auth/login
API description:  %[2]s/openapi.json
Error codes:      %[2]s/docs/errors
`, s.config.Version, s.config.URL)
}
