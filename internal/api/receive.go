package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// NewIncident is the body of POST incidents. Every part may be missing, and a part that makes no sense is kept
// aside and marked: whoever asks for help is never refused for the form of it (promise P8).
type NewIncident struct {
	ID        string        `json:"id,omitempty" doc:"UUIDv7 chosen by the client; another one is given if it cannot be used."`
	Call      string        `json:"call,omitempty" doc:"The call it came by, if that is known already."`
	Place     *PlaceInput   `json:"place,omitempty"`
	Type      string        `json:"type,omitempty"`
	Priority  string        `json:"priority,omitempty"`
	Level     string        `json:"level,omitempty"`
	Tags      []string      `json:"tags,omitempty"`
	Narrative string        `json:"narrative,omitempty"`
	Caller    *board.Caller `json:"caller,omitempty"`
	Happened  string        `json:"happened,omitempty" doc:"RFC 3339."`
	Source    string        `json:"source,omitempty" doc:"phone, walk_in, app, replay, patrol, sensor or station."`
}

type rawInput struct {
	WriteHeaders
	RawBody []byte
}

func (s *Server) receiveOperation() huma.Operation {
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[NewIncident](), true, "NewIncident")
	return huma.Operation{
		OperationID: "post-incidents", Method: http.MethodPost, Path: "/api/v1/incidents", MaxBodyBytes: maxIncidentBytes,
		Summary: "Take the first word of an incident", Tags: []string{"incidents"}, DefaultStatus: http.StatusCreated,
		Description:      "Any JSON is taken. What cannot be used is kept aside and marked on the row; nothing is refused for it.",
		RequestBody:      &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		SkipValidateBody: true,
	}
}

// receive takes whatever can be parsed.
func (s *Server) receive(ctx context.Context, in *rawInput) (*writeOutput, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	cmd, chosen, err := q.receive(in.RawBody)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if in.Key == "" && chosen != "" {
		in.Key = "id/" + chosen // The id alone makes a repeat harmless.
	}
	out, err := s.do(q, in.WriteHeaders, in.RawBody, cmd, http.StatusCreated)
	var p *Problem
	if strings.HasPrefix(in.Key, "id/") && errors.As(err, &p) && p.Code == "key_reused" {
		// The same id with other words is another call for help, not a repeat: it is taken under an id of its own.
		in.Key = ""
		cmd.ID, cmd.Aside = cmd.Spare, append(cmd.Aside, incident.Aside{Field: "id", Why: "id_taken"})
		if cmd, err = q.reseal(cmd, in.RawBody); err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.do(q, in.WriteHeaders, in.RawBody, cmd, http.StatusCreated)
	}
	return out, err
}

// receive makes the command of a body, and says which id the client chose.
func (q request) receive(raw []byte) (joint.Receive, string, error) {
	const op = "api.Receive"
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return joint.Receive{}, "", fault.Wrap(op, fault.Invalid, err, "this is no JSON").Because("bad_json").Mend("send a JSON object; {} is enough")
	}
	r := newReader(v)
	chosen := r.text("id")
	id, good := idOr(chosen)
	if !good {
		r.setAside("id", "not_an_id", chosen)
		chosen = ""
	}
	if chosen != "" && q.left(cad.SubjectOf("incident", id)) { // Not a repeat: those are known by their key.
		r.setAside("id", "id_taken", chosen)
		id = newID()
	}
	callID := r.text("call")
	if callID != "" {
		if c, ok := idOr(callID); ok {
			callID = c
		} else {
			r.setAside("call", "not_an_id", callID)
			callID = ""
		}
	}
	given := callID != ""
	if !given {
		callID = newID()
	}
	cmd := joint.Receive{ID: cad.IncidentID(id), Spare: cad.IncidentID(newID()), Call: cad.CallID(callID), Source: r.source()}
	cmd.Old = given && q.left(call.Subject(cmd.Call))
	var address string
	cmd.Place, address, cmd.Approx = r.place()
	cmd.Street = q.street(cmd.Place)
	cmd.Type, cmd.Priority, cmd.Level = cad.TypeID(r.text("type")), cad.Priority(strings.ToUpper(r.text("priority"))), cad.Level(strings.ToUpper(r.text("level")))
	for _, t := range r.texts("tags") {
		cmd.Tags = append(cmd.Tags, cad.TagID(t))
	}
	cmd.Happened = r.time("happened", q.centre.Desk.Now())
	opening := board.Opening{Narrative: r.text("narrative"), Address: address}
	caller := r.caller()
	r.rest()
	cmd.Aside, opening.Aside = r.aside, r.values
	var err error
	if cmd.Private, err = q.centre.Desk.Seal(incident.Subject(cmd.ID), opening); err != nil {
		return cmd, "", err
	}
	return cmd, chosen, q.sealCaller(&cmd, caller, given)
}

// sealCaller seals what is said of the caller for his call; for one that exists already only if it says something else,
// and once more for the call that is made if that one turns out to belong to another incident.
func (q request) sealCaller(cmd *joint.Receive, caller board.Caller, given bool) (err error) {
	if given && caller != (board.Caller{}) {
		cmd.SpareCall = cad.CallID(newID())
		if cmd.SpareCaller, err = q.centre.Desk.Seal(call.Subject(cmd.SpareCall), caller); err != nil {
			return err
		}
		if q.callerOf(cmd.Call) == caller {
			return nil
		}
	}
	cmd.Caller, err = q.centre.Desk.Seal(call.Subject(cmd.Call), caller)
	return err
}

// callerOf is what a call in memory says of its caller.
func (q request) callerOf(id cad.CallID) (who board.Caller) {
	var sealed cad.Sealed
	q.centre.Board.Look(func(h *joint.House) { sealed = h.Call(id).Caller })
	if ok, err := q.centre.Desk.Unseal(sealed, &who); !ok || err != nil {
		return board.Caller{}
	}
	return who
}

// left reports whether the journal knows a life that is not in memory. It is asked here and not by the writer, because
// almost every id is new; if the journal cannot be read the call is taken all the same.
func (q request) left(s cad.Subject) bool {
	here := false
	q.centre.Board.Look(func(h *joint.House) { here = h.Last(s) > 0 })
	if here {
		return false
	}
	known, _ := q.centre.Desk.Knows(q.ctx, s)
	return known
}

// reseal encrypts the words again for the id that the incident got instead.
func (q request) reseal(cmd joint.Receive, raw []byte) (joint.Receive, error) {
	again, _, err := q.receive(raw)
	if err != nil {
		return cmd, err
	}
	var opening board.Opening
	if _, err := q.centre.Desk.Unseal(again.Private, &opening); err != nil {
		return cmd, err
	}
	again.ID, again.Aside = cmd.ID, cmd.Aside
	again.Private, err = q.centre.Desk.Seal(incident.Subject(again.ID), opening)
	return again, err
}

// reader takes parts out of a body and keeps aside what cannot be used.
type reader struct {
	m      map[string]any
	used   map[string]bool
	aside  []incident.Aside
	values map[string]any
}

// newReader accepts any JSON: what is no object is kept aside whole.
func newReader(v any) *reader {
	r := &reader{used: map[string]bool{}, values: map[string]any{}}
	if m, ok := v.(map[string]any); ok {
		r.m = m
		return r
	}
	if text, ok := v.(string); ok { // Somebody wrote words; that is a narrative.
		r.m = map[string]any{"narrative": text}
		return r
	}
	r.setAside("body", "not_an_object", v)
	return r
}

// asideMax bounds how many parts are named; the values of all are kept.
const asideMax = 50

func (r *reader) setAside(field, why string, value any) {
	if len(r.aside) < asideMax {
		r.aside = append(r.aside, incident.Aside{Field: field, Why: why})
	}
	r.values[field] = value
}

func (r *reader) text(key string) string {
	r.used[key] = true
	switch v := r.m[key].(type) {
	case nil:
		return ""
	case string:
		return strings.ToValidUTF8(v, "\uFFFD")
	case json.Number:
		return v.String()
	default:
		r.setAside(key, "not_a_text", v)
		return ""
	}
}

func (r *reader) texts(key string) []string {
	r.used[key] = true
	switch v := r.m[key].(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			if t, ok := x.(string); ok {
				out = append(out, t)
				continue
			}
			r.setAside(key, "not_a_text", v)
		}
		return out
	default:
		r.setAside(key, "not_a_list", v)
		return nil
	}
}

func (r *reader) object(key string) *reader {
	r.used[key] = true
	switch v := r.m[key].(type) {
	case nil:
		return nil
	case map[string]any:
		return &reader{m: v, used: map[string]bool{}, values: map[string]any{}}
	default:
		r.setAside(key, "not_an_object", v)
		return nil
	}
}

// place reads a place; one half of a position is none.
func (r *reader) place() (p *geo.Point, address string, approx bool) {
	o := r.object("place")
	if o == nil {
		return nil, "", false
	}
	address = o.text("address")
	approx, _ = o.m["approx"].(bool)
	lon, okLon := number(o.m["lon"])
	lat, okLat := number(o.m["lat"])
	at := geo.Point{Lon: lon, Lat: lat}
	if okLon && okLat && at.Valid() {
		return &at, address, approx
	}
	if o.m["lon"] != nil || o.m["lat"] != nil {
		r.setAside("place", "bad_place", r.m["place"])
	}
	return nil, address, approx
}

func number(v any) (float64, bool) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	default:
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

func (r *reader) caller() board.Caller {
	if text, ok := r.m["caller"].(string); ok {
		r.used["caller"] = true
		return board.Caller{Number: text}
	}
	o := r.object("caller")
	if o == nil {
		return board.Caller{}
	}
	c := board.Caller{Name: o.text("name"), Number: o.text("number"), Address: o.text("address")}
	for k, v := range o.values {
		r.setAside("caller."+k, "not_a_text", v)
	}
	return c
}

// happenedMax is how far back, and ahead, a told time is believed.
const (
	happenedMax   = 10 * 365 * 24 * time.Hour
	happenedAhead = time.Minute
)

func (r *reader) time(key string, now time.Time) time.Time {
	text := r.text(key)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.After(now.Add(happenedAhead)) || now.Sub(t) > happenedMax {
		r.setAside(key, "bad_time", text)
		return time.Time{}
	}
	return t.UTC()
}

func (r *reader) source() incident.Source {
	switch s := incident.Source(r.text("source")); s {
	case incident.Phone, incident.WalkIn, incident.App, incident.Replay, incident.Patrol, incident.Sensor, incident.Station:
		return s
	case "":
	default:
		r.setAside("source", "unknown_source", string(s))
	}
	return incident.WalkIn
}

// rest keeps aside what has no name here. The names are a stranger's words too: they stay with the values, in the sealed
// part, and the row says only that there were some.
func (r *reader) rest() {
	unknown := map[string]any{}
	for k, v := range r.m {
		if !r.used[k] {
			unknown[k] = v
		}
	}
	if len(unknown) > 0 {
		r.setAside("unknown_field", "unknown_field", unknown)
	}
}
