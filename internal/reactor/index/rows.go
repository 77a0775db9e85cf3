package index

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/archive"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// private is whatever a private part may say: the shapes of the board in one.
type private struct {
	board.Opening
	board.Words
	Number string `json:"number"`
}

// maker makes the rows of one batch.
type maker struct {
	*Reactor
	erased map[cad.Subject]bool
	calls  map[cad.Subject]callStory
}

type callStory struct {
	state call.State
	last  cad.Seq
}

// rows makes the row of each life, and says which lives have none: those that are erased, and calls that belong to an
// incident or are not over.
func (r *Reactor) rows(ctx context.Context, lives []cad.Subject) (rows []archive.Row, gone []cad.Subject, err error) {
	m := maker{Reactor: r, calls: map[cad.Subject]callStory{}}
	if m.erased, err = r.erasures(ctx); err != nil {
		return nil, nil, err
	}
	queue := slices.Clone(lives)
	seen := map[cad.Subject]bool{}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if seen[s] {
			continue
		}
		seen[s] = true
		var row archive.Row
		var ok bool
		if kind, _ := s.Split(); kind == "call" {
			var c callStory
			if c, err = m.call(ctx, s); err != nil {
				return nil, nil, err
			}
			if c.state.Incident != "" {
				queue = append(queue, incident.Subject(c.state.Incident)) // Its row tells of the call.
			}
			row, ok = m.lostRow(s, c)
		} else if row, ok, err = m.incidentRow(ctx, s); err != nil {
			return nil, nil, err
		}
		if !ok {
			gone = append(gone, s)
			continue
		}
		rows = append(rows, row)
	}
	return rows, gone, nil
}

// erasures lists every life that was ever ordered to be erased.
func (r *Reactor) erasures(ctx context.Context) (map[cad.Subject]bool, error) {
	story, err := r.desk.Story(ctx, joint.Erasures)
	if err != nil {
		return nil, err
	}
	erased := make(map[cad.Subject]bool, len(story))
	for _, t := range story {
		if e, ok := t.Fact.(joint.Erased); ok {
			erased[e.Subject] = true
		}
	}
	return erased, nil
}

// around lists the other lives whose rows tell of this one: the incident of a call.
func (r *Reactor) around(ctx context.Context, s cad.Subject) ([]cad.Subject, error) {
	if kind, _ := s.Split(); kind != "call" {
		return nil, nil
	}
	m := maker{Reactor: r, calls: map[cad.Subject]callStory{}}
	c, err := m.call(ctx, s)
	if err != nil || c.state.Incident == "" {
		return nil, err
	}
	return []cad.Subject{incident.Subject(c.state.Incident)}, nil
}

func (m *maker) call(ctx context.Context, s cad.Subject) (callStory, error) {
	if c, ok := m.calls[s]; ok {
		return c, nil
	}
	story, err := m.desk.Story(ctx, s)
	if err != nil {
		return callStory{}, err
	}
	var c callStory
	for _, t := range story {
		if f, ok := t.Fact.(call.Fact); ok {
			c.state = call.Evolve(c.state, f, t.Record.Stamp())
		}
		c.last = t.Record.Seq
	}
	m.calls[s] = c
	return c, nil
}

// lostRow is the row of a call that ended without an incident.
func (m *maker) lostRow(s cad.Subject, c callStory) (archive.Row, bool) {
	k := c.state
	if k.ID == "" || k.Incident != "" || k.EndedAt.IsZero() || m.erased[s] {
		return archive.Row{}, false
	}
	who := m.open(k.Caller)
	row := archive.Row{
		ID: string(s), Kind: "call", Phase: string(k.Phase), Address: who.Address,
		Received: k.Arrived, Closed: k.EndedAt, LastChanged: c.last,
	}
	if k.Place != nil {
		row.Place, row.HasPlace = *k.Place, true
	}
	row.Callers = m.callers(nil, k, who.Number)
	return row, true
}

// callers adds a call by the digest of its number, if it has one.
func (m *maker) callers(list []archive.Caller, k call.State, number string) []archive.Caller {
	if d := m.desk.Digest(number); d != "" {
		return append(list, archive.Caller{Call: string(k.ID), Digest: d, At: k.Arrived})
	}
	return list
}

// incidentRow folds an incident's own records, and gathers the words of its story in the order in which they were said.
func (m *maker) incidentRow(ctx context.Context, s cad.Subject) (archive.Row, bool, error) {
	story, err := m.desk.Story(ctx, s)
	if err != nil || m.erased[s] || len(story) == 0 {
		return archive.Row{}, false, err
	}
	var i incident.State
	row := archive.Row{ID: string(s), Kind: "incident"}
	var notes []string
	var calls []cad.Subject
	for _, t := range story {
		row.LastChanged = t.Record.Seq
		switch f := t.Fact.(type) {
		case incident.Fact:
			if incident.Subject(f.Of()) != s {
				continue // The other side of a link; its words are its own.
			}
			i = incident.Evolve(i, f, t.Record.Stamp())
			p := m.openFact(t)
			row.Narrative = first(row.Narrative, p.Narrative)
			row.Address = first(p.Address, row.Address) // The newest holds.
			notes = append(notes, p.Text)
		case call.Fact:
			if k := call.Subject(f.Of()); !slices.Contains(calls, k) {
				calls = append(calls, k)
			}
		default:
			notes = append(notes, m.openFact(t).Text)
		}
	}
	if i.ID == "" {
		return archive.Row{}, false, nil
	}
	for _, k := range calls {
		c, err := m.call(ctx, k)
		if err != nil {
			return archive.Row{}, false, err
		}
		if c.state.Incident == i.ID && !m.erased[k] {
			row.Callers = m.callers(row.Callers, c.state, m.open(c.state.Caller).Number)
		}
	}
	row.Notes = lines(append(notes, m.names(i.Type)...))
	row.Number, row.Type, row.Priority = strconv.FormatInt(i.Number, 10), string(i.Type), i.Priority
	row.Phase, row.Unit, row.Received, row.Closed = string(i.Phase), string(i.Responsible.Org), i.Received, i.EndedAt
	if row.Address == "" {
		row.Address = i.Street
	}
	if i.Place != nil {
		row.Place, row.HasPlace = *i.Place, true
	}
	return row, true, nil
}

// names are what people call a type, so that they find it by those words.
func (m *maker) names(t cad.TypeID) []string {
	o := m.org.Load()
	if o == nil || t == "" {
		return nil
	}
	n := o.Types[t].Name
	return []string{n["zh"], n["en"]}
}

func (m *maker) openFact(t desk.Told) private {
	f, ok := t.Fact.(cad.Confidential)
	if !ok {
		return private{}
	}
	return m.open(f.Secret())
}

// open gives what a private part says; nothing if it was erased or cannot be opened, because a row must come up.
func (m *maker) open(s cad.Sealed) private {
	var p private
	if s.IsZero() || m.erased[s.Subject] {
		return p
	}
	ok, err := m.desk.Unseal(s, &p)
	if err != nil {
		m.log.Warn("a private part cannot be opened; the archive's row is without it", "subject", s.Subject, "error", err)
	}
	if err != nil || !ok {
		return private{}
	}
	return p
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// lines joins what is not empty.
func lines(texts []string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n")
}
