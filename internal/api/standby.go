package api

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/joint/line"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// standbyBody says where a unit is to wait.
type standbyBody struct {
	Place *PlaceInput `json:"place,omitempty" doc:"Where; may be left out with a post."`
	Post  string      `json:"post,omitempty" maxLength:"80" doc:"A post of the centre. Its place is used when no place is given."`
	Move  string      `json:"move,omitempty" maxLength:"80" doc:"The proposal that a person takes with this."`
}

// standbyRoutes lists the addresses about where units wait by order.
func (s *Server) standbyRoutes() {
	put(s, "/units/{id}/standby", "Order a free unit to wait at a place (备勤)", func(q request, id string, b standbyBody) (joint.Command, error) {
		at := b.Place.point()
		if at == nil {
			at = q.post(b.Post)
		}
		if at == nil {
			return nil, fault.New("api.Standby", fault.Invalid, "say where the unit is to wait").Because("place_required").At("place").
				Mend("send a place, or the id of one of the centre's posts")
		}
		if err := q.near(*at); err != nil {
			return nil, err
		}
		return standBy(cad.UnitID(id), *at, b.Post, q.centre.adviceOf(b.Move)), nil
	})
	put(s, "/units/{id}/end-standby", "Let it wait at home again", func(_ request, id string, _ struct{}) (joint.Command, error) {
		u := cad.UnitID(id)
		return joint.AboutUnit{ID: u, Name: "end_standby", Cmd: unit.EndStandby{ID: u}}, nil
	})
}

func standBy(u cad.UnitID, at geo.Point, post string, why *unit.Advice) joint.Command {
	return joint.AboutUnit{ID: u, Name: "standby", Cmd: unit.StandBy{ID: u, Place: at, Post: post, Why: why}}
}

// near refuses a place to wait at that lies far from the centre: nobody waits there, somebody mistyped.
func (q request) near(at geo.Point) error {
	var far bool
	q.centre.Board.Look(func(h *joint.House) { far = beyond(h.Org, at) })
	if far {
		return fault.New("api.Standby", fault.Invalid, "%.5f, %.5f is more than %d km outside the centre", at.Lon, at.Lat, nearestWithinM/1000).
			Because("too_far").At("place").Mend("look at the coordinates: longitude first, in degrees")
	}
	return nil
}

// standbyByLine is the order of a line to one unit.
func (q request) standbyByLine(p line.Plan, u cad.UnitID) (joint.Command, error) {
	if p.Verb == line.CallOff || p.Place == nil {
		return joint.AboutUnit{ID: u, Name: "end_standby", Cmd: unit.EndStandby{ID: u}}, nil
	}
	if err := q.near(*p.Place); err != nil {
		return nil, err
	}
	return standBy(u, *p.Place, p.To, nil), nil
}

// adviceOf is what a proposal promised; nil if the person had the idea himself.
func (c *Centre) adviceOf(move string) *unit.Advice {
	if move == "" {
		return nil
	}
	why := &unit.Advice{Move: move}
	if m, ok := c.Cover.Move(move); ok { // One that is proposed no more promises nothing.
		why.GainS, why.GainCallsByDay = round3(m.GainS), round3(m.GainCallsADay)
	}
	return why
}

// nextWave is the wave of its plan that would be raised next; 0 if there is none.
func (q request) nextWave(id cad.IncidentID) (n int) {
	q.centre.Board.Look(func(h *joint.House) {
		s := h.Incident(id)
		n = h.Response(id).Next(s.InWave())
	})
	return n
}

// post is the place of one of the centre's posts; nil if there is none of that id.
func (q request) post(id string) *geo.Point {
	var found org.Post
	var ok bool
	q.centre.Board.Look(func(h *joint.House) { found, ok = h.Org.Post(id) })
	if !ok {
		return nil
	}
	return &found.Place
}
