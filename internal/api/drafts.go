package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/draft"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
)

// Draft is a form that is not stored yet, as it stands.
type Draft struct {
	ID    string          `json:"id" doc:"That of the incident to be."`
	Call  cad.CallID      `json:"call,omitempty"`
	Seat  cad.SeatID      `json:"seat,omitempty"`
	Actor cad.ActorID     `json:"actor"`
	At    time.Time       `json:"at"`
	Body  json.RawMessage `json:"body"`
}

// Drafts are those that whoever asks may go on with.
type Drafts struct {
	Items []Draft `json:"items"`
}

type (
	draftBody struct {
		Call string          `json:"call,omitempty" maxLength:"80" doc:"The call that the form belongs to."`
		Body json.RawMessage `json:"body" doc:"The fields of the form; at most 64 KiB."`
	}
	draftKept struct {
		Body struct {
			At time.Time `json:"at" doc:"When it was kept."`
		}
	}
)

// draftRoutes lists the addresses about drafts. They write no facts: a draft is no part of the journal (ADR 0015).
func (s *Server) draftRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "get-drafts", Method: http.MethodGet, Path: "/api/v1/drafts", Summary: "Forms that are not stored yet, of this seat and of the calls that it has", Tags: []string{"drafts"},
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body Drafts }, error) {
		c, actor := centreOf(ctx), actorOf(ctx)
		out := Drafts{Items: []Draft{}}
		if c.Drafts == nil {
			return &struct{ Body Drafts }{out}, nil
		}
		for _, d := range c.Drafts.All() {
			if c.mayDraft(actor, d) == nil {
				out.Items = append(out.Items, Draft(d))
			}
		}
		return &struct{ Body Drafts }{out}, nil
	})
	huma.Register(s.api, huma.Operation{
		OperationID: "post-draft", Method: http.MethodPost, Path: "/api/v1/drafts/{id}", Summary: "Keep a form as it stands, at most once a second", Tags: []string{"drafts"},
		MaxBodyBytes: maxBodyBytes, Errors: writeErrors(),
	}, func(ctx context.Context, in *struct {
		ID   string `path:"id" maxLength:"80"`
		Body draftBody
	},
	) (*draftKept, error) {
		at, err := centreOf(ctx).keepDraft(actorOf(ctx), in.ID, in.Body)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		out := &draftKept{}
		out.Body.At = at
		return out, nil
	})
	drop := huma.Operation{
		OperationID: "post-draft-drop", Method: http.MethodPost, Path: "/api/v1/drafts/{id}/drop", Summary: "Throw a form away", Tags: []string{"drafts"},
		DefaultStatus: http.StatusNoContent, Errors: writeErrors(),
	}
	huma.Register(s.api, drop, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"80"`
	},
	) (*struct{}, error) {
		c := centreOf(ctx)
		if c.Drafts == nil {
			return nil, nil
		}
		if d, ok := c.Drafts.Get(in.ID); ok {
			if err := c.mayDraft(actorOf(ctx), d); err != nil {
				return nil, s.refuse(ctx, err)
			}
			c.Drafts.Drop(in.ID)
		}
		return nil, nil
	})
}

// keepDraft keeps a form. One whose incident is stored is refused: the last words of a browser must not bring it back.
func (c *Centre) keepDraft(a cad.Actor, id string, b draftBody) (time.Time, error) {
	const op = "api.Draft"
	d := draft.Draft{ID: id, Call: cad.CallID(b.Call), Seat: a.Seat, Actor: a.ID, At: c.Desk.Now().UTC(), Body: b.Body}
	if err := c.Desk.May(a, "incident.open", cad.Thing{}); err != nil { // Whoever may take down a call may leave it half written.
		return d.At, err
	}
	if c.Drafts == nil {
		return d.At, fault.New(op, fault.Unavailable, "drafts are not kept here").Because("no_drafts").Mend("go on: the form itself still holds it")
	}
	if _, good := idOr(id); !good {
		return d.At, fault.New(op, fault.Invalid, "that is no id").Because("bad_id").At("id").Mend("send the UUID of the incident to be")
	}
	stored := false
	c.Board.Look(func(h *joint.House) { stored = h.Incidents[cad.IncidentID(id)] != nil })
	if stored {
		return d.At, fault.New(op, fault.Conflict, "its incident is stored").Because("draft_stored").Mend("note the rest to the incident")
	}
	if old, ok := c.Drafts.Get(id); ok {
		if err := c.mayDraft(a, old); err != nil {
			return d.At, err
		}
		if d.Call == "" {
			d.Call = old.Call
		}
	}
	if err := c.mayDraft(a, d); err != nil {
		return d.At, err
	}
	return d.At, c.Drafts.Put(d)
}

// mayDraft says whether somebody may go on with a form: whoever has its call; without a call, whoever wrote it, and another at
// the same seat.
func (c *Centre) mayDraft(a cad.Actor, d draft.Draft) error {
	var k call.State
	if d.Call != "" {
		c.Board.Look(func(h *joint.House) { k = h.Call(d.Call) })
	}
	has, seat := d.Actor, d.Seat
	if h := k.Has(); h.Actor != "" {
		has, seat = h.Actor, h.Seat
	}
	if a.ID == has || seat != "" && a.Seat == seat {
		return nil
	}
	return fault.New("api.Draft", fault.Conflict, "the call is with %s", has).Because("not_holder", "by", string(has), "seat", string(seat)).Mend("ask for the call first")
}
