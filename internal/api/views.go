package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/org"
	"shuniu/internal/track"
)

// rawOutput is finished JSON.
type rawOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func finished(body []byte) *rawOutput {
	return &rawOutput{ContentType: "application/json", Body: body}
}

// list is the shape of every list.
type list[T any] struct {
	AsOf  cad.Seq `json:"as_of" doc:"Subscribe to the stream from here and miss nothing."`
	Items []T     `json:"items"`
}

// get describes a read whose body is finished JSON of type T.
func get[T any](s *Server, path, id, summary, tag string) huma.Operation {
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, id)
	return huma.Operation{
		OperationID: "get-" + id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary, Tags: []string{tag},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}},
	}
}

func joinRows(asOf cad.Seq, rows [][]byte) []byte {
	size := 40
	for _, r := range rows {
		size += len(r) + 1
	}
	out := make([]byte, 0, size)
	out = append(out, `{"as_of":`...)
	out = strconv.AppendInt(out, int64(asOf), 10)
	out = append(out, `,"items":[`...)
	out = append(out, bytes.Join(rows, []byte(","))...)
	return append(out, `]}`...)
}

// Position is where a unit is, with its age.
type Position struct {
	Lon     float64     `json:"lon"`
	Lat     float64     `json:"lat"`
	At      time.Time   `json:"at"`
	AgeS    int64       `json:"age_s"`
	Heading *float64    `json:"heading,omitempty"`
	Speed   *float64    `json:"speed_kmh,omitempty"`
	State   track.Trust `json:"state"`
}

// placedUnit is the shape of a unit's row in lists.
type placedUnit struct {
	board.UnitRow
	Position *Position `json:"position,omitempty"`
}

func positionOf(f track.Fix, now time.Time) Position {
	return Position{
		Lon: f.Point.Lon, Lat: f.Point.Lat, At: f.At, AgeS: max(0, int64(now.Sub(f.At)/time.Second)),
		Heading: f.HeadingDeg, Speed: f.SpeedKmh, State: f.Trust(now),
	}
}

// withPosition puts a unit's position into its finished row.
func withPosition(row []byte, f track.Fix, now time.Time) []byte {
	p, err := json.Marshal(positionOf(f, now))
	if err != nil || len(row) < 2 {
		return row
	}
	out := make([]byte, 0, len(row)+len(p)+16)
	out = append(out, row[:len(row)-1]...)
	out = append(out, `,"position":`...)
	return append(append(out, p...), '}')
}

// viewRoutes lists every address that only reads.
func (s *Server) viewRoutes() {
	huma.Register(s.api, get[list[board.IncidentRow]](s, "/incidents", "incidents", "Incidents, the newest first", "incidents"),
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,all" default:"open"`
			Limit int    `query:"limit" minimum:"0" maximum:"100000"`
		},
		) (*rawOutput, error) {
			rows, asOf := centreOf(ctx).Board.Incidents(board.ClassOf(actorOf(ctx)), in.State != "all", in.Limit)
			return finished(joinRows(asOf, rows)), nil
		})
	huma.Register(s.api, get[list[placedUnit]](s, "/units", "units", "Units with their positions", "units"),
		func(ctx context.Context, _ *struct{}) (*rawOutput, error) {
			c := centreOf(ctx)
			rows, ids, asOf := c.Board.Units(board.ClassOf(actorOf(ctx)))
			out := make([][]byte, 0, len(ids))
			for _, id := range ids {
				row := rows[id]
				if f, ok := c.Track.Get(id); ok {
					row = withPosition(row, f, c.Desk.Now())
				}
				out = append(out, row)
			}
			return finished(joinRows(asOf, out)), nil
		})
	huma.Register(s.api, get[list[board.CallRow]](s, "/calls", "calls", "Calls, the newest first", "calls"),
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,all" default:"open"`
		},
		) (*rawOutput, error) {
			rows, asOf := centreOf(ctx).Board.Calls(board.ClassOf(actorOf(ctx)), in.State != "all")
			return finished(joinRows(asOf, rows)), nil
		})
	huma.Register(s.api, get[board.IncidentRow](s, "/incidents/{id}", "incident", "One incident, by id or number", "incidents"),
		func(ctx context.Context, in *struct {
			ID string `path:"id"`
		},
		) (*rawOutput, error) {
			q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
			row, err := q.row(q.incidentID(in.ID))
			if err != nil {
				return nil, s.refuse(ctx, err)
			}
			return finished(row), nil
		})
	huma.Register(s.api, huma.Operation{
		OperationID: "get-timeline", Method: http.MethodGet, Path: "/api/v1/incidents/{id}/timeline", Summary: "Everything recorded about it", Tags: []string{"incidents"},
	}, s.timeline)
	huma.Register(s.api, huma.Operation{
		OperationID: "get-recommendation", Method: http.MethodGet, Path: "/api/v1/incidents/{id}/recommendation", Summary: "Which units to send, and why", Tags: []string{"incidents"},
	}, s.recommendation)
	huma.Register(s.api, huma.Operation{OperationID: "get-config", Method: http.MethodGet, Path: "/api/v1/config", Summary: "What forms need to know of the centre", Tags: []string{"centre"}}, s.config)
	huma.Register(s.api, huma.Operation{OperationID: "get-session", Method: http.MethodGet, Path: "/api/v1/session", Summary: "Who asks, of which centre and world", Tags: []string{"centre"}}, s.session)
	huma.Register(s.api, huma.Operation{OperationID: "get-search", Method: http.MethodGet, Path: "/api/v1/search", Summary: "Find incidents, units, streets and places", Tags: []string{"centre"}}, s.search)
	huma.Register(s.api, huma.Operation{OperationID: "get-health", Method: http.MethodGet, Path: "/api/v1/health", Summary: "Whether calls can be taken", Tags: []string{"centre"}}, s.health)
	s.mux.HandleFunc("GET /api/v1/metrics", s.metrics)
}

func noIncident(op string) error {
	return fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident")
}

// Entry is one record of a timeline.
type Entry struct {
	Seq       cad.Seq         `json:"seq"`
	At        time.Time       `json:"at"`
	Happened  time.Time       `json:"happened"`
	From      cad.Origin      `json:"happened_from"`
	LateEntry bool            `json:"late_entry,omitempty" doc:"It was written down more than a minute after it happened."`
	Actor     cad.ActorID     `json:"actor"`
	Seat      cad.SeatID      `json:"seat,omitempty"`
	Power     cad.Power       `json:"power,omitempty"`
	Type      string          `json:"type"`
	Params    json.RawMessage `json:"params"`
	Text      string          `json:"text,omitempty"`
	Erased    bool            `json:"erased,omitempty"`
}

// lateAfter is how late an entry must be to be marked as such.
const lateAfter = time.Minute

func (s *Server) timeline(ctx context.Context, in *struct {
	ID string `path:"id"`
},
) (*struct{ Body list[Entry] }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	id := q.incidentID(in.ID)
	_, private, err := q.seen(id)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	out := &struct{ Body list[Entry] }{Body: list[Entry]{AsOf: q.centre.Board.AsOf(), Items: []Entry{}}}
	story, err := q.centre.Desk.Story(ctx, incident.Subject(id))
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	for _, t := range story {
		r := t.Record
		e := Entry{
			Seq: r.Seq, At: r.At, Happened: r.Happened, From: r.HappenedFrom, LateEntry: r.At.Sub(r.Happened) > lateAfter,
			Actor: r.Actor, Seat: r.Seat, Power: r.Power, Type: r.Type, Params: r.Data,
		}
		if r.Private != nil && private {
			var words struct {
				board.Words
				board.Opening
			}
			kept, err := q.centre.Desk.Unseal(*r.Private, &words)
			if err != nil {
				s.log.ErrorContext(ctx, "a private part cannot be opened", "seq", r.Seq, "error", err)
			}
			e.Erased, e.Text = !kept && err == nil, words.Text+words.Narrative
		}
		out.Body.Items = append(out.Body.Items, e)
	}
	return out, nil
}

// Recommendation is advice with what it rests on.
type Recommendation struct {
	dispatch.Advice
	AsOf        cad.Seq                `json:"as_of"`
	Responsible *board.ResponsibleMark `json:"responsible,omitempty"`
	ComputedMS  float64                `json:"computed_ms"`
}

func (s *Server) recommendation(ctx context.Context, in *struct {
	ID string `path:"id"`
},
) (*struct{ Body Recommendation }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	started := time.Now()
	asOf := q.centre.Board.AsOf()
	id := q.incidentID(in.ID)
	advice, ok := q.advise(id)
	if !ok {
		return nil, problemOf(noIncident("api.Recommendation"))
	}
	q.centre.adviser.remember(id, advice.ID, advice.Choices, q.centre.Desk.Now())
	out := Recommendation{Advice: advice, AsOf: asOf, ComputedMS: float64(time.Since(started).Microseconds()) / 1000}
	if r := advice.Border.Responsible; r != nil {
		out.Responsible = &board.ResponsibleMark{ID: cad.OrgID(r.ID), Name: r.Name, By: advice.Border.By}
	}
	return &struct{ Body Recommendation }{Body: out}, nil
}

// Config is what forms need.
type Config struct {
	AsOf     cad.Seq     `json:"as_of"`
	Types    []org.Type  `json:"types"`
	Tags     []org.Tag   `json:"tags"`
	Grades   []org.Grade `json:"priorities"`
	Stations []org.Org   `json:"stations"`
	Kinds    []org.Kind  `json:"kinds"`
	Results  []org.Item  `json:"results"`
	Reasons  []org.Item  `json:"unavailable_reasons"`
	Partners []org.Item  `json:"partners"`
	Bounds   [4]float64  `json:"bounds"`
	Datums   []geo.Datum `json:"datums" doc:"In which people here may give coordinates: outside of China only WGS 84." enum:"wgs84,gcj02,cgcs2000"`
	Zoom     float64     `json:"zoom"`
	Zone     string      `json:"zone"`
	SilenceS int64       `json:"silence_s" doc:"A crew at work that says nothing for so many seconds is asked."`
	SceneS   int64       `json:"scene_s" doc:"How long a crew is usually on a scene, seconds."`

	Population  int           `json:"population,omitempty"`
	Neighbours  []org.Item    `json:"neighbours"`
	RadioGroups []org.Item    `json:"radio_groups"`
	Premises    []org.Premise `json:"premises" doc:"Key premises."`
	Watches     []org.Item    `json:"watches"`
	WatchChange []string      `json:"watch_change" doc:"Local times of day at which watches change."`
	Beats       []org.Beat    `json:"beats" doc:"Community beats of the stations."`
	Posts       []org.Post    `json:"posts" doc:"Places at which units wait."`
	Seats       []org.Item    `json:"seats"`
	Greeting    org.Name      `json:"greeting,omitempty" doc:"How a call is answered."`
	LeadS       int64         `json:"scheduled_lead_s,omitempty" doc:"How long before an appointment its incident comes into the queue."`
}

func (s *Server) config(ctx context.Context, _ *struct{}) (*struct{ Body Config }, error) {
	out := Config{Types: []org.Type{}, Tags: []org.Tag{}, Grades: []org.Grade{}, Stations: []org.Org{}, Kinds: []org.Kind{}}
	c := centreOf(ctx)
	c.Board.Look(func(h *joint.House) {
		o := h.Org
		out.AsOf, out.Bounds, out.Zoom, out.Zone = h.Seq, o.Bounds, o.Zoom, o.Zone
		out.SilenceS, out.SceneS = o.Silence(), o.Scene()
		out.Results, out.Reasons, out.Partners = some(o.Results), some(o.Reasons), some(o.Partners)
		out.Population, out.Neighbours, out.RadioGroups, out.Premises = o.Population, some(o.Neighbours), some(o.RadioGroups), some(o.Premises)
		out.Watches, out.WatchChange, out.Beats, out.Posts = some(o.Watches), some(o.WatchChange), some(o.Beats), some(o.Posts)
		out.Seats, out.Greeting, out.LeadS = some(o.Seats), o.Greeting, o.LeadS
		for _, id := range o.TypeOrder {
			out.Types = append(out.Types, o.Types[id])
		}
		for _, k := range sortedKeys(o.Tags) {
			out.Tags = append(out.Tags, o.Tags[k])
		}
		for _, k := range sortedKeys(o.Grades) {
			out.Grades = append(out.Grades, o.Grades[k])
		}
		for _, k := range sortedKeys(o.Kinds) {
			out.Kinds = append(out.Kinds, o.Kinds[k])
		}
		for _, k := range sortedKeys(o.Orgs) {
			if st := o.Orgs[k]; st.Kind != "centre" {
				st.Area = nil // The map has them.
				out.Stations = append(out.Stations, st)
			}
		}
	})
	if m := c.Map; m != nil && out.Bounds == ([4]float64{}) {
		b := m.Bounds
		out.Bounds = [4]float64{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat}
	}
	box := geo.EmptyBounds()
	if b := out.Bounds; b != ([4]float64{}) {
		box = geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
	}
	out.Datums = geo.DatumsIn(box)
	return &struct{ Body Config }{Body: out}, nil
}

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
