package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
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
	if err != nil && strings.HasPrefix(in.Key, "id/") && isCode(err, "key_reused") {
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
	callID := r.text("call")
	if callID != "" {
		if c, ok := idOr(callID); ok {
			callID = c
		} else {
			r.setAside("call", "not_an_id", callID)
			callID = ""
		}
	}
	if callID == "" {
		callID = newID()
	}
	cmd := joint.Receive{ID: cad.IncidentID(id), Spare: cad.IncidentID(newID()), Call: cad.CallID(callID), Source: r.source()}
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
	cmd.Caller, err = q.centre.Desk.Seal(cad.SubjectOf("call", cmd.Call), caller)
	return cmd, chosen, err
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
