package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
)

// Pack is what a room needs on paper when nothing else works: what is open, who is where, who answers for what.
type Pack struct {
	Centre cad.CentreID        `json:"centre"`
	Name   map[string]string   `json:"name,omitempty"`
	World  cad.World           `json:"world"`
	Zone   string              `json:"zone,omitempty"`
	At     string              `json:"at" doc:"RFC 3339: of when it is."`
	AsOf   cad.Seq             `json:"as_of"`
	Items  []board.IncidentRow `json:"incidents" doc:"Open ones."`
	Units  []placedUnit        `json:"units"`
	Calls  []board.CallRow     `json:"calls" doc:"That belong to no incident yet."`
}

type takePaperBody struct {
	Count int64 `json:"count" minimum:"1" maximum:"200"`
}

func (s *Server) packRoutes() {
	huma.Register(s.api, get[Pack](s, "/pack", "pack", "What a room needs on paper: open incidents and units", "pack"),
		func(ctx context.Context, _ *struct{}) (*rawOutput, error) {
			return finished(centreOf(ctx).Pack(board.ClassOf(actorOf(ctx)))), nil
		})
	put(s, "/paper/{id}/take", "Take numbers for paper cards, which nobody else gets: id is cards", func(_ request, id string, b takePaperBody) (joint.Command, error) {
		if id != "cards" {
			return nil, fault.New("api.TakePaper", fault.NotFound, "there is no such paper").Because("no_paper").At("id")
		}
		return joint.TakePaper{Count: b.Count}, nil
	})
}

// Pack is the pack for a class of session, as finished JSON.
func (c *Centre) Pack(class board.Class) []byte {
	head := Pack{Centre: c.Desk.Centre(), World: c.Desk.World()}
	c.Board.Look(func(h *joint.House) { head.Name, head.Zone = h.Org.Name, h.Org.Zone })
	incidents, asOf := c.Board.Incidents(class, true, 0)
	rows, ids, _ := c.Board.Units(class)
	now := c.Desk.Now()
	units := make([][]byte, 0, len(ids))
	for _, id := range ids {
		row := rows[id]
		if f, ok := c.Track.Get(id); ok {
			row = withPosition(row, f, now)
		}
		units = append(units, row)
	}
	calls, _ := c.Board.Calls(class, true)
	var out bytes.Buffer
	for _, part := range []struct {
		name  string
		value any
	}{{"centre", head.Centre}, {"name", head.Name}, {"world", head.World}, {"zone", head.Zone}, {"at", now}, {"as_of", asOf}} {
		value, _ := json.Marshal(part.value) // Plain values; they can always be written.
		fmt.Fprintf(&out, "%c%q:%s", opening(&out), part.name, value)
	}
	for _, part := range []struct {
		name string
		rows [][]byte
	}{{"incidents", incidents}, {"units", units}, {"calls", calls}} {
		fmt.Fprintf(&out, `,%q:[%s]`, part.name, bytes.Join(part.rows, []byte(",")))
	}
	out.WriteByte('}')
	return out.Bytes()
}

func opening(b *bytes.Buffer) rune {
	if b.Len() == 0 {
		return '{'
	}
	return ','
}
