package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/owed"
	"shuniu/internal/past"
)

// PastRange is what can be looked back at.
type PastRange struct {
	From   time.Time  `json:"from"`
	To     time.Time  `json:"to"`
	Placed *time.Time `json:"positions_from,omitempty" doc:"Since when positions are known: they are not in the journal, so a restart forgets them."`
	Marks  []PastMark `json:"marks" doc:"In order of time; what is alike and within four seconds is one mark."`
}

// PastMark is something on the hour that people look for.
type PastMark struct {
	At       time.Time      `json:"at"`
	Kind     string         `json:"kind" doc:"call, order, duress, alarm, alert or report."`
	Incident cad.IncidentID `json:"incident,omitempty"`
	Number   int64          `json:"number,omitempty" doc:"Of the incident."`
	Unit     cad.UnitID     `json:"unit,omitempty"`
	Count    int            `json:"count"`
}

// PastBoard is the room as it was.
type PastBoard struct {
	At        time.Time           `json:"at"`
	AsOf      cad.Seq             `json:"as_of"`
	Placed    bool                `json:"placed" doc:"Positions of this moment are known."`
	Incidents []board.IncidentRow `json:"incidents"`
	Units     []placedUnit        `json:"units"`
	Calls     []board.CallRow     `json:"calls"`
	Alarms    []board.AlarmRow    `json:"alarms"`
	Orders    []board.OrderRow    `json:"orders" doc:"Those that were open."`
	Owed      []owed.Debt         `json:"owed" doc:"What was late, and who owed it."`
	Reports   []PastFilings       `json:"reports" doc:"The urgent reports that were filed about its incidents by then."`
}

// PastFilings are the urgent reports about one incident that were filed by a moment.
type PastFilings struct {
	Incident cad.IncidentID    `json:"incident"`
	Items    []board.FilingRow `json:"items"`
}

// markWithin is how near marks of one kind become one: a thousandth of the hour is a pixel of the bar.
const markWithin = past.Kept / 1000

func (s *Server) pastRoutes() {
	huma.Register(s.api, huma.Operation{OperationID: "get-past-range", Method: "GET", Path: "/api/v1/past/range", Summary: "Which moments can be looked back at, with what happened in them", Tags: []string{"past"}}, s.pastRange)
	huma.Register(s.api, get[PastBoard](s, "/past", "past", "The room as it was at a moment of the last hour, for reading", "past"), s.pastAt)
}

func noPast(op string) error {
	return fault.New(op, fault.Unavailable, "nobody keeps the past here").Because("no_past").Mend("read the timeline of an incident")
}

func (s *Server) pastRange(ctx context.Context, _ *struct{}) (*struct{ Body PastRange }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	if q.centre.Past == nil {
		return nil, s.refuse(ctx, noPast("api.PastRange"))
	}
	r := q.centre.Past.Range()
	out := PastRange{From: r.From, To: r.To, Marks: []PastMark{}}
	if !r.Placed.IsZero() {
		out.Placed = &r.Placed
	}
	last := map[string]int{} // Where the last mark of each kind is.
	for _, m := range r.Marks {
		if m.At.Before(r.From) || !q.seesMark(m) {
			continue
		}
		if i, ok := last[m.Kind]; ok && m.Kind != "duress" && m.At.Sub(out.Marks[i].At) < markWithin {
			out.Marks[i].Count++
			continue
		}
		last[m.Kind] = len(out.Marks)
		mark := PastMark{At: m.At, Kind: m.Kind, Incident: m.Incident, Count: 1}
		if kind, id := m.Subject.Split(); kind == "unit" {
			mark.Unit = cad.UnitID(id)
		}
		out.Marks = append(out.Marks, mark)
	}
	q.centre.Board.Look(func(h *joint.House) {
		for i, m := range out.Marks {
			out.Marks[i].Number = h.Incident(m.Incident).Number
		}
	})
	return &struct{ Body PastRange }{Body: out}, nil
}

// seesMark asks whether this session sees the row that a mark is of.
func (q request) seesMark(m past.Mark) bool {
	class := board.ClassOf(q.actor)
	if m.Incident != "" {
		return q.centre.Board.May(class, "incident.read", incident.Subject(m.Incident))
	}
	switch kind, id := m.Subject.Split(); kind {
	case "call":
		return q.centre.Board.May(class, "call.read", call.Subject(cad.CallID(id)))
	case "alarm":
		return q.centre.Board.May(class, "alarm.read", m.Subject)
	}
	return true // Units are seen by everybody.
}

func (s *Server) pastAt(ctx context.Context, in *struct {
	At time.Time `query:"at" required:"true" timeFormat:"2006-01-02T15:04:05Z07:00" doc:"RFC 3339."`
},
) (*rawOutput, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	if q.centre.Past == nil {
		return nil, s.refuse(ctx, noPast("api.Past"))
	}
	m, err := q.centre.Past.At(ctx, in.At)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return finished(q.pastRows(m)), nil
}

// pastRows writes the rows of a moment. The board over it is made for this answer alone.
func (q request) pastRows(m past.Moment) []byte {
	class, b := board.ClassOf(q.actor), q.centre.Board.Then(m.House)
	incidents, asOf := b.Incidents(class, true, 0)
	rows, ids, _ := b.Units(class)
	units := make([][]byte, 0, len(ids))
	for _, id := range ids {
		row := rows[id]
		if f, ok := m.Fixes[id]; ok {
			row = withPosition(row, f, m.At)
		}
		units = append(units, row)
	}
	calls, _ := b.Calls(class, true)
	alarms, _ := b.Alarms(class, true)
	orders, _ := b.Orders(class, true)
	var out bytes.Buffer
	at, _ := json.Marshal(m.At) // A time can always be written.
	fmt.Fprintf(&out, `{"at":%s,"as_of":%d,"placed":%t`, at, asOf, len(m.Fixes) > 0)
	for _, part := range []struct {
		name string
		rows [][]byte
	}{{"incidents", incidents}, {"units", units}, {"calls", calls}, {"alarms", alarms}, {"orders", orders}} {
		fmt.Fprintf(&out, `,%q:[%s]`, part.name, bytes.Join(part.rows, []byte(",")))
	}
	rest, _ := json.Marshal(struct { // Plain values can always be written.
		Owed    []owed.Debt   `json:"owed"`
		Reports []PastFilings `json:"reports"`
	}{q.owedIn(m.House, m.At, false), filedIn(b, class, m.House)})
	out.WriteByte(',')
	out.Write(rest[1:]) // Its brace is the last one.
	return out.Bytes()
}

// filedIn are the urgent reports of a house, by incident.
func filedIn(b *board.Board, class board.Class, h *joint.House) []PastFilings {
	out := []PastFilings{}
	for _, id := range slices.Sorted(maps.Keys(h.Reports)) {
		if items, _, _, sees := b.Filings(class, id); sees && len(items) > 0 {
			out = append(out, PastFilings{Incident: id, Items: items})
		}
	}
	return out
}
