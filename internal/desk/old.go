package desk

import (
	"context"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

// Numbered finds an incident by its number in the journal, however long ago it left memory; an empty id if there is
// none. Numbers grow along the journal and are never given twice, so it is its own index, also for the records of older
// versions: a few short reads on the caller's goroutine, and none on the writer's. What is found stays true for ever.
func (d *Desk) Numbered(ctx context.Context, n int64) (cad.IncidentID, error) {
	after, to := cad.Seq(0), d.Head() // It was opened in here, if at all: after is not part of it, to is.
	for n > 0 && after < to {
		middle := after + (to-after)/2
		f, at, err := d.openedAfter(ctx, middle, to)
		switch {
		case err != nil:
			return "", fault.Wrap("desk.Numbered", fault.Unavailable, err, "the journal cannot be read")
		case at > 0 && f.Number == n:
			return f.ID, nil
		case at > 0 && f.Number < n:
			after = at
		default:
			to = middle
		}
	}
	return "", nil
}

// openedAfter is the first incident that was opened after a record and no later than another, and where; 0 if none was.
func (d *Desk) openedAfter(ctx context.Context, after, to cad.Seq) (incident.Opened, cad.Seq, error) {
	opened := incident.Opened{}.FactType()
	for r, err := range d.cfg.Store.Read(ctx, after) {
		switch {
		case err != nil:
			return incident.Opened{}, 0, err
		case r.Seq > to:
			return incident.Opened{}, 0, nil
		case r.Type != opened:
			continue
		}
		f, err := d.codec.Decode(r)
		if err != nil {
			return incident.Opened{}, 0, err
		}
		o, _ := f.(incident.Opened) // The table gives nothing else for this type.
		return o, r.Seq, nil
	}
	return incident.Opened{}, 0, nil
}

// Recall is a house that knows one incident only, with its calls and its units' work, as the journal tells of it now.
// It is for reading what has left memory: nothing may be decided in it. An incident that never was is not in it.
func (d *Desk) Recall(ctx context.Context, id cad.IncidentID) (*joint.House, error) {
	h := joint.NewHouse(d.past(ctx))
	head := d.Head()
	if _, err := h.BringBack(d.codec, incident.Subject(id), head+1); err != nil {
		return nil, fault.Wrap("desk.Recall", fault.Unavailable, err, "the journal cannot be read")
	}
	for _, l := range h.Incident(id).Links {
		if l.Number > 0 {
			continue
		}
		// An older version did not write down the other's number.
		if _, err := h.BringBack(d.codec, incident.Subject(l.Other), head+1); err != nil {
			return nil, fault.Wrap("desk.Recall", fault.Unavailable, err, "the journal cannot be read")
		}
	}
	return h, nil
}

// Knows reports whether the journal holds anything about a life, in memory or not.
func (d *Desk) Knows(ctx context.Context, s cad.Subject) (bool, error) {
	for _, err := range d.cfg.Store.BySubject(ctx, s) {
		if err != nil {
			return false, fault.Wrap("desk.Knows", fault.Unavailable, err, "the journal cannot be read")
		}
		return true, nil
	}
	return false, nil
}

// writersPast reads lives as the writer knows them: from the store, and from the group that is not stored yet. A life may
// leave memory within a group and be wanted again by the next command of it.
func (d *Desk) writersPast(ctx context.Context) joint.Past {
	stored := d.past(ctx)
	return func(s cad.Subject) ([]journal.Record, error) {
		out, err := stored(s)
		for _, r := range d.pending {
			if r.Seq > d.Head() && slices.Contains(r.Subjects, s) {
				out = append(out, r)
			}
		}
		return out, err
	}
}

// past reads lives from the store.
func (d *Desk) past(ctx context.Context) joint.Past {
	return func(s cad.Subject) ([]journal.Record, error) {
		var out []journal.Record
		for r, err := range d.cfg.Store.BySubject(ctx, s) {
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	}
}
