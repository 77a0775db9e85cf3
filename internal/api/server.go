// Package api is the front door: HTTP with OpenAPI 3.1, problem+json and a stream of rows. It checks what comes in
// at the edge, seals what is private, and asks the desk. It holds no rule of the house: who may do what is asked
// at the desk, and what may follow what is in the rooms.
package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/draft"
	"shuniu/internal/gazetteer"
	"shuniu/internal/journal"
	"shuniu/internal/osm"
	"shuniu/internal/past"
	"shuniu/internal/reactor/coverage"
	"shuniu/internal/street"
	"shuniu/internal/tile"
	"shuniu/internal/track"
)

// Limits of the front door.
const (
	maxBodyBytes     = 1 << 20 // 1 MiB for every write but the taking of an incident.
	maxIncidentBytes = 2 << 20 // 2 MiB for calls and incidents: whatever can be parsed of it is taken.
)

// Centre is one centre's one world, as the front door needs it.
type Centre struct {
	Desk    *desk.Desk
	Board   *board.Board
	Track   *track.Book
	Stream  *Stream
	Map     *osm.Extract    // nil: no map; everything still works, by straight lines.
	Streets *street.Engine  // Travel times on the map; nil without one.
	Tiles   *tile.Source    // nil: nothing to draw on.
	Ground  Ground          // The agency's own map, drawn instead of ours.
	Credit  string          // Whose records the centre is made of; named with the map. May be empty.
	Places  *gazetteer.Book // nil: only the centre's own places and coordinates are found.
	Callers Callers         // Finds the calls of a number; nil: nobody can.
	Archive Searcher        // nil: only what is in memory is found.
	World   WorldControl    // nil in a live world.
	Version string
	Started time.Time
	Reasons func() []string   // What else is degraded while calls are taken, as codes; may be nil.
	Losses  Losses            // What the city loses while a unit is away; nil: not known.
	Cover   *coverage.Reactor // The picture of the cover; nil: there is none.
	Study   *Studies          // nil: there are no calls to study.
	Past    *past.Past        // The last hour; nil: nobody keeps it.
	Drafts  *draft.Store      // Forms that are not stored yet; nil: the browser keeps them alone.
	Blobs   journal.Blobs     // Contents of files; nil: none are taken.

	adviser adviser
	lines   lineBook
	radar   radar
	fleet   fleet
}

// Searcher finds old and open lives by words.
type Searcher interface {
	Find(ctx context.Context, query string, limit int) ([]Found, error)
}

// Identity says who a request comes from. It answers false for a stranger.
type Identity interface {
	Who(r *http.Request) (cad.Actor, bool)
}

// Options are what a server is made of.
type Options struct {
	Centres  map[string]*Centre
	Default  string // The centre of a session that names none.
	Identity Identity
	Console  http.Handler // May be nil.
	Extra    func(*http.ServeMux)
	Log      *slog.Logger
	Version  string
}

// Server is the front door of a process.
type Server struct {
	opt Options
	log *slog.Logger
	api huma.API
	mux *http.ServeMux
}

// New wires every address.
func New(opt Options) *Server {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{opt: opt, log: opt.Log, mux: http.NewServeMux()}
	huma.NewError = newProblem
	cfg := huma.DefaultConfig("Shuniu", "1")
	cfg.Info.Description = "Operational command platform for public-safety command centres. Every address exists below /api/v1/centres/{centre}/ as well, " +
		"for one of several centres. Errors are problem+json; docs/http-status.md lists them."
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/api/v1/openapi", "", ""
	cfg.CreateHooks = nil // No $schema in bodies.
	cfg.Transformers = nil
	s.api = humago.New(s.mux, cfg)
	s.incidentRoutes()
	s.weighRoutes()
	s.fileRoutes()
	s.pastRoutes()
	s.packRoutes()
	s.callRoutes()
	s.draftRoutes()
	s.answerRoutes()
	s.hintRoutes()
	s.unitRoutes()
	s.alarmRoutes()
	s.orderRoutes()
	s.reportRoutes()
	s.viewRoutes()
	s.commandRoute()
	s.worldRoutes()
	s.mapRoutes()
	s.placeRoutes()
	s.coverRoutes()
	s.drawingRoutes()
	s.wayRoutes()
	s.studyRoutes()
	s.streamRoute()
	if opt.Extra != nil {
		opt.Extra(s.mux)
	}
	s.describe()
	s.mux.HandleFunc("/api/", s.nothing)
	if opt.Console != nil {
		s.mux.Handle("/", opt.Console)
	}
	return s
}

// describe puts the addresses into the contract that answer no JSON, or that are no request with one answer.
func (s *Server) describe() {
	for _, d := range []struct{ path, id, summary, answers string }{
		{"/stream", "get-stream", "Changed rows as server-sent events: hello, rows with seq and prev, positions, beat, gone", "text/event-stream"},
		{"/metrics", "get-metrics", "Counters in the text form that Prometheus reads", "text/plain"},
		{"/map/tiles/{z}/{x}/{y}", "get-map-tile", "One vector tile (MVT 2): zoom, column, row", "application/vnd.mapbox-vector-tile"},
		{"/map/style", "get-map-style", "The agency's own MapLibre style, if it gave one as a file", "application/json"},
		{"/map/areas", "get-map-areas", "Areas of the stations as GeoJSON", "application/geo+json"},
		{"/cover/cells", "get-cover-cells", "Expected response by square as GeoJSON, of one class", "application/geo+json"},
		{"/rings", "get-rings", "What is reached in minutes from a unit, an incident or a place, as GeoJSON outlines", "application/geo+json"},
		{"/incidents/{id}/routes", "get-incident-routes", "The ways that its units take to it, as GeoJSON lines", "application/geo+json"},
		{"/map/way", "get-map-way", "The fastest way by street between two places, as a GeoJSON line", "application/geo+json"},
	} {
		op := &huma.Operation{
			OperationID: d.id, Method: http.MethodGet, Path: "/api/v1" + d.path, Summary: d.summary, Tags: []string{"centre"},
			Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{d.answers: {Schema: &huma.Schema{Type: huma.TypeString}}}}},
		}
		if d.path == "/stream" {
			op.Parameters = []*huma.Param{
				{Name: "after", In: "query", Description: "The as_of of a list: what came since is sent first.", Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}},
				{Name: "Last-Event-ID", In: "header", Description: "The same, as browsers send it when they come back.", Schema: &huma.Schema{Type: huma.TypeString}},
			}
		}
		op.Parameters = append(op.Parameters, coverParams(d.path)...)
		op.Parameters = append(op.Parameters, wayParams(d.path)...)
		if strings.HasPrefix(d.path, "/map/tiles/") {
			for _, name := range []string{"z", "x", "y"} {
				op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger}})
			}
		}
		s.api.OpenAPI().AddOperation(op)
	}
}

// nothing answers whatever has no address of its own.
func (s *Server) nothing(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		other := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := s.mux.Handler(other); pattern != "/api/" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		p := refusal(http.StatusNotFound, "not_found", "no_address", "there is no such address")
		p.Remedy = "look at /api/v1/openapi.json"
		writeProblem(w, p)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	p := refusal(http.StatusMethodNotAllowed, "invalid", "bad_method", "this address is not used that way")
	p.Remedy = "use " + strings.Join(allowed, " or ")
	writeProblem(w, p)
}

// OpenAPI is the contract, as it is served.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

type centreKey struct{}

type actorKey struct{}

// Handler is the whole front door with its checks: the host name, the origin, the centre and who asks.
func (s *Server) Handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, refusal(http.StatusForbidden, "denied", "cross_origin", "writes from another site are refused"))
	}))
	return loopbackOnly(cross.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		s.greet(w, r)
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			s.mux.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		name, path := s.opt.Default, r.URL.Path
		if rest, ok := strings.CutPrefix(path, "/api/v1/centres/"); ok {
			var tail string
			name, tail, _ = strings.Cut(rest, "/")
			path = "/api/v1/" + tail
		}
		c := s.opt.Centres[name]
		if c == nil {
			writeProblem(w, refusal(http.StatusNotFound, "not_found", "no_centre", "there is no such centre here"))
			return
		}
		ctx := context.WithValue(r.Context(), centreKey{}, c)
		actor, known := s.opt.Identity.Who(r)
		if !known && !open(path) {
			writeProblem(w, refusal(http.StatusUnauthorized, "denied", "sign_in", "nobody is signed in"))
			return
		}
		ctx = context.WithValue(ctx, actorKey{}, actor)
		r2 := r.WithContext(ctx)
		if path != r.URL.Path {
			u := *r.URL
			u.Path, u.RawPath = path, ""
			r2.URL = &u
		}
		s.mux.ServeHTTP(w, r2)
	})))
}

// greeter is an identity that tells a browser at its first visit who its visitor is.
type greeter interface {
	Greet(w http.ResponseWriter, r *http.Request)
}

// greet does so where a visit begins, and not beside it: an answer that comes late must not undo a choice.
func (s *Server) greet(w http.ResponseWriter, r *http.Request) {
	if g, ok := s.opt.Identity.(greeter); ok && r.Method == http.MethodGet && (r.URL.Path == "/" || r.URL.Path == "/api/v1/session") {
		g.Greet(w, r)
	}
}

// open lists what a stranger may read.
func open(path string) bool {
	switch path {
	case "/api/v1/health", "/api/v1/openapi.json", "/api/v1/openapi.yaml", "/api/v1/session":
		return true
	}
	return false
}

// loopbackOnly refuses requests that name another host than this machine: a page of a stranger that makes its name
// point here (DNS rebinding) gets nothing.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), ".")) // Names do not mind their case, or the root's dot.
		ip := net.ParseIP(host)
		if host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			writeProblem(w, refusal(http.StatusMisdirectedRequest, "denied", "bad_host", "this service answers on this machine's own names only"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// LoopbackAddr checks an address to listen on. Until people sign in, nobody else's machine may reach us.
func LoopbackAddr(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return &net.AddrError{Err: "only loopback addresses are allowed until people can sign in: use 127.0.0.1", Addr: addr}
	}
	return nil
}

func centreOf(ctx context.Context) *Centre {
	c, _ := ctx.Value(centreKey{}).(*Centre)
	return c
}

func actorOf(ctx context.Context) cad.Actor {
	a, _ := ctx.Value(actorKey{}).(cad.Actor)
	return a
}
