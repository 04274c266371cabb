package server

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/usher-desk/usher/internal/api"
)

// metrics tell how the server does, of everybody together: none has a label for a tenant or a user.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "usher_requests_total", Help: "Operations answered, by name, status and code of the refusal.",
		}, []string{"operation", "status", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "usher_request_seconds", Help: "Time from acceptance of a request until its answer left, with the record kept.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"operation"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.gauge("usher_live_connections", "WebSockets that are open at this node.", func() float64 { return float64(s.Realtime.Connections()) })
	m.gauge("usher_database_up", "1 when the database answers.", s.databaseUp)
	m.gauge("usher_redis_up", "1 when the Redis that nodes share answers, or none is used.", s.redisUp)
	if s.room.free != nil {
		m.gauge("usher_disk_free_bytes", "What is left on the disk of the SQLite database.", s.room.bytes)
	}
	m.counter("usher_sign_in_bursts_total", "Bursts of failed sign-ins that have begun.", func() int64 { return s.Sessions.Figures().Bursts })
	m.counter("usher_sign_in_new_devices_total", "Sign-ins with a browser that was new for the user.", func() int64 { return s.Sessions.Figures().NewDevices })
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "usher_build_info", Help: "Always 1; the label has the program's version.", ConstLabels: prometheus.Labels{"version": s.config.Version},
	}, func() float64 { return 1 }))
	return m
}

// gauge tells a value that is found out when it is asked for.
func (m *metrics) gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// counter is like gauge, for what only grows.
func (m *metrics) counter(name, help string, value func() int64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value()) }))
}

func (s *Server) databaseUp() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	return upWhen(s.config.DB.Ping(ctx) == nil)
}

func (s *Server) redisUp() float64 {
	return upWhen(!s.config.Cluster.Shared() || s.config.Cluster.Health() == nil)
}

func upWhen(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

// observe hears of every operation that is answered.
func (s *Server) observe(o api.Observation) {
	s.metrics.requests.WithLabelValues(o.Operation.ID, strconv.Itoa(o.Status), o.Code).Inc()
	s.metrics.seconds.WithLabelValues(o.Operation.ID).Observe(o.Elapsed.Seconds())
	if s.config.LogRequests {
		slog.Info("request", "operation", o.Operation.ID, "status", o.Status, "code", o.Code, "ms", o.Elapsed.Milliseconds(), "request", o.Request)
	}
}

// Admin answers whoever operates the server, on a listener that others do not reach: metrics for Prometheus, and
// whether the process lives and can serve.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /livez", http.HandlerFunc(live))
	mux.Handle("GET /readyz", http.HandlerFunc(s.ready))
	return mux
}
