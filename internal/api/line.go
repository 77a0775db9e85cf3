package api

import (
	"strings"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
)

type (
	conferenceBody struct {
		Partner string `json:"partner,omitempty" maxLength:"80" doc:"One of the centre's partners."`
		Number  string `json:"number,omitempty" maxLength:"40"`
		Seat    string `json:"seat,omitempty" maxLength:"40" doc:"A seat of the centre."`
		Leg     string `json:"leg,omitempty" maxLength:"80" doc:"Names the stay on the line; another one is given if it is left out."`
	}
	endConferenceBody struct {
		Leg  string `json:"leg,omitempty" maxLength:"80" doc:"Who goes; all if it is left out."`
		Left bool   `json:"left,omitempty" doc:"He went by himself: told by the telephone system."`
	}
	hangUpBody struct {
		By call.Side `json:"by,omitempty" enum:"us,caller" doc:"caller: told by the telephone system."`
	}
	recordingBody struct {
		Ref string `json:"ref" maxLength:"200" doc:"Where the telephone system keeps it; ASCII."`
	}
	passBody struct {
		Seat string `json:"seat" maxLength:"40"`
	}
	backBody struct {
		ID string `json:"id,omitempty" doc:"UUIDv7 for the call to make, chosen by the client; another one is given if it cannot be used."`
	}
)

// lineRoutes lists the addresses about what is done with a line.
func (s *Server) lineRoutes() {
	simple := func(path, verb, summary string, cmd func(cad.CallID) call.Command) {
		put(s, "/calls/{id}/"+path, summary, func(_ request, id string, _ struct{}) (joint.Command, error) {
			return joint.AboutCall{ID: cad.CallID(id), Name: verb, Cmd: cmd(cad.CallID(id))}, nil
		})
	}
	simple("hold", "hold", "The caller waits on the line", func(id cad.CallID) call.Command { return call.Hold{ID: id} })
	simple("resume", "resume", "Speak with the caller again", func(id cad.CallID) call.Command { return call.Resume{ID: id} })
	simple("take", "take", "Ask for another seat's call, and take it when the grace time is over", func(id cad.CallID) call.Command { return call.Take{ID: id} })
	simple("keep", "keep", "Answer a seat that asks for the call: it stays", func(id cad.CallID) call.Command { return call.Keep{ID: id} })
	put(s, "/calls/{id}/pass", "Offer the call to a seat, which may take it at once", func(_ request, id string, b passBody) (joint.Command, error) {
		return joint.AboutCall{ID: cad.CallID(id), Name: "pass", Cmd: call.Pass{ID: cad.CallID(id), Seat: cad.SeatID(b.Seat)}}, nil
	})
	put(s, "/calls/{id}/hang-up", "The line closes", func(_ request, id string, b hangUpBody) (joint.Command, error) {
		return joint.AboutCall{ID: cad.CallID(id), Name: "hang_up", Cmd: call.HangUp{ID: cad.CallID(id), By: b.By}}, nil
	})
	put(s, "/calls/{id}/recording", "Where a recording of it is kept", func(_ request, id string, b recordingBody) (joint.Command, error) {
		return joint.AboutCall{ID: cad.CallID(id), Name: "record", Cmd: call.Record{ID: cad.CallID(id), Ref: b.Ref}}, nil
	})
	put(s, "/calls/{id}/nuisance", "The caller wants no help", func(q request, id string, b textBody) (joint.Command, error) {
		k := cad.CallID(id)
		sealed, err := q.seal(call.Subject(k), b.words())
		return joint.AboutCall{ID: k, Name: "nuisance", Cmd: call.MarkNuisance{ID: k, Reason: sealed}}, err
	})
	put(s, "/calls/{id}/conference", "Somebody else comes onto the line", confer)
	put(s, "/calls/{id}/end-conference", "Somebody else goes from the line", func(_ request, id string, b endConferenceBody) (joint.Command, error) {
		return joint.AboutCall{ID: cad.CallID(id), Name: "end_conference", Cmd: call.EndConference{ID: cad.CallID(id), Leg: b.Leg, Left: b.Left}}, nil
	})
	put(s, "/calls/{id}/back", "Ring the caller; call in the answer is the call that is made", callBack)
}

func confer(q request, id string, b conferenceBody) (joint.Command, error) {
	k := cad.CallID(id)
	cmd := call.Confer{ID: k, Leg: b.Leg}
	if cmd.Leg == "" {
		cmd.Leg = newID()
	}
	named := 0
	for kind, to := range map[call.PartyKind]string{call.WithPartner: b.Partner, call.WithSeat: b.Seat, call.WithNumber: strings.TrimSpace(b.Number)} {
		if to != "" {
			cmd.Kind, cmd.To = kind, to
			named++
		}
	}
	if named != 1 {
		return nil, fault.New("api.Confer", fault.Invalid, "say who comes onto the line").Because("party_required").At("partner").Mend("name one partner, one seat or one number")
	}
	var err error
	if cmd.Kind == call.WithNumber {
		cmd.Number, err = q.centre.Desk.Seal(call.Subject(k), board.Told{Caller: board.Caller{Number: cmd.To}})
		cmd.To = ""
	}
	return joint.AboutCall{ID: k, Name: "conference", Cmd: cmd}, err
}

// callBack opens the number of a call and seals it for the one that is made.
func callBack(q request, id string, b backBody) (joint.Command, error) {
	made, _ := idOr(b.ID)
	cmd := joint.CallBack{Call: cad.CallID(id), New: cad.CallID(made)}
	var old call.State
	q.centre.Board.Look(func(h *joint.House) { old = h.Call(cmd.Call) })
	if old.ID == "" { // The desk says whether there ever was one.
		return cmd, nil
	}
	if err := q.centre.Desk.May(q.actor, cmd.Verb(), q.centre.thing(cmd.Target())); err != nil { // Before anything is said about a number.
		return nil, err
	}
	var told board.Told
	if kept, err := q.centre.Desk.Unseal(old.Caller, &told); err != nil {
		return nil, err
	} else if !kept || told.Number == "" {
		return nil, board.NoNumber()
	}
	var err error
	cmd.Number, err = q.centre.Desk.Seal(call.Subject(cmd.New), board.Told{Caller: board.Caller{Number: told.Number, Name: told.Name}})
	return cmd, err
}
