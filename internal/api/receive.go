package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
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
	Answers   []AnswerInput `json:"answers,omitempty" doc:"To the questions of its type."`
	Scheduled string        `json:"scheduled,omitempty" doc:"RFC 3339: when somebody shall be there, by appointment."`
	Card      string        `json:"card,omitempty" doc:"The number of the paper card that it is entered from, up to 20 digits and letters."`
	Source    string        `json:"source,omitempty" doc:"phone, walk_in, app, replay, patrol, sensor or station."`
}

type rawInput struct {
	LooseHeaders
	RawBody []byte
}

// looseOperation describes an address that takes any JSON.
func (s *Server) looseOperation(path, summary string, body reflect.Type, name string) huma.Operation {
	schema := s.api.OpenAPI().Components.Schemas.Schema(body, true, name)
	return huma.Operation{
		OperationID: operationID(path), Method: http.MethodPost, Path: "/api/v1" + path, Summary: summary, Tags: []string{tagOf(path)},
		MaxBodyBytes:     maxIncidentBytes + 1, // The router counts what is not allowed any more.
		DefaultStatus:    http.StatusCreated,
		Description:      "Any JSON is taken. A part or header that cannot be used is marked on the row, and the whole text is kept; nothing is refused for it.",
		RequestBody:      &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		SkipValidateBody: true, SkipValidateParams: true, Errors: writeErrors(),
	}
}

// receive takes whatever can be parsed.
func (s *Server) receive(ctx context.Context, in *rawInput) (*writeOutput, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	cmd, h, err := q.receive(in, "")
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	out, err := s.do(q, h, in.RawBody, cmd, http.StatusCreated)
	if err != nil && strings.HasPrefix(h.Key, idKey) && isCode(err, "key_reused") {
		// The same id with other words is another call for help, not a repeat: it is taken under an id of its own.
		cmd, h, err = q.receive(in, cmd.Spare)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		h.Key = ""
		return s.do(q, h, in.RawBody, cmd, http.StatusCreated)
	}
	return out, err
}

// idKey begins a key made of an id that the client chose: the id alone makes a repeat harmless.
const idKey = "id/"

// receive makes the command of a body. instead is the id to give when the chosen one is taken; usually empty.
func (q request) receive(in *rawInput, instead cad.IncidentID) (joint.Receive, WriteHeaders, error) {
	r, whole := readLoosely(in.RawBody)
	if !whole {
		return joint.Receive{}, WriteHeaders{}, noJSON("api.Receive")
	}
	h := r.headers(in.LooseHeaders)
	id, callID := q.ids(r, &h, instead)
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
	if cmd.Happened = r.time("happened"); cmd.Happened.IsZero() {
		cmd.Happened = h.Happened.UTC()
	}
	cmd.Scheduled = r.time("scheduled")
	said, words := q.split(r.answers())
	cmd.Answers = said
	cmd.Card = r.card()
	opening := board.Opening{Narrative: r.text("narrative"), Address: address}
	caller := r.caller()
	r.rest()
	cmd.Aside = r.aside
	if len(r.aside) > 0 || !q.knows(cmd) {
		opening.Raw = in.RawBody
	}
	var err error
	cmd.Private, err = q.centre.Desk.Seal(incident.Subject(cmd.ID), opening)
	if errors.Is(err, journal.ErrErased) { // Nothing more can be said under this id: the words get one of their own.
		cmd.ID = cad.IncidentID(newID())
		cmd.Aside = append(cmd.Aside, incident.Aside{Field: "id", Why: "id_taken"})
		cmd.Private, err = q.centre.Desk.Seal(incident.Subject(cmd.ID), opening)
	}
	if err != nil {
		return cmd, h, err
	}
	if cmd.AnswerWords, err = q.sealAnswers(cmd.ID, words); err != nil {
		return cmd, h, err
	}
	err = q.sealCaller(&cmd, caller, given)
	if errors.Is(err, journal.ErrErased) {
		cmd.Call, cmd.Old = cad.CallID(newID()), false
		cmd.Aside = append(cmd.Aside, incident.Aside{Field: "call", Why: "id_taken"})
		err = q.sealCaller(&cmd, caller, false)
	}
	return cmd, h, err
}

// ids gives the ids that the client chose for the incident and for the call it came by, or new ones for those that
// cannot be used; an empty call means that it named none. An id chosen without a key is the key of a repeat.
func (q request) ids(r *reader, h *WriteHeaders, instead cad.IncidentID) (id, callID string) {
	chosen := r.text("id")
	id, good := idOr(chosen)
	switch {
	case instead != "":
		id = string(instead)
		r.setAside("id", "id_taken")
	case !good:
		r.setAside("id", "not_an_id")
	case chosen != "" && h.Key == "":
		h.Key = idKey + id
	}
	if instead == "" && good && chosen != "" && q.left(incident.Subject(cad.IncidentID(id))) { // Not a repeat: those are known by their key.
		r.setAside("id", "id_taken")
		id = newID()
	}
	callID = r.text("call")
	if callID != "" {
		if c, ok := idOr(callID); ok {
			callID = c
		} else {
			r.setAside("call", "not_an_id")
			callID = ""
		}
	}
	return id, callID
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

// knows reports whether every word of the grading is the centre's, and the time one to believe; the room sets aside
// what is not.
func (q request) knows(c joint.Receive) (all bool) {
	all = c.Priority.Valid() && c.Level.Valid() && (c.Happened.IsZero() || joint.Believable(c.Happened, q.centre.Desk.Now(), joint.ReportedMax))
	q.centre.Board.Look(func(h *joint.House) {
		for _, x := range c.Answers {
			if _, ok := h.Org.Question(x.Question); !ok {
				all = false
			}
		}
		if _, ok := h.Org.Types[c.Type]; c.Type != "" && !ok {
			all = false
		}
		for _, t := range c.Tags {
			if _, ok := h.Org.Tags[t]; !ok {
				all = false
			}
		}
	})
	return all
}
