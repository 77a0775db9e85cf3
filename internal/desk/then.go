package desk

import (
	"context"
	"crypto/sha256"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/joint"
)

// Replay folds into a house what was recorded after its position, up to a moment. The house is the caller's own, and is
// for reading: nothing may be decided in it.
func (d *Desk) Replay(ctx context.Context, h *joint.House, until time.Time) error {
	h.Reads(d.past(ctx))
	head := d.Head()
	for r, err := range d.cfg.Store.Read(ctx, h.Seq) {
		switch {
		case err != nil:
			return fault.Wrap("desk.Replay", fault.Unavailable, err, "the journal cannot be read")
		case r.Seq > head || r.At.After(until):
			return nil
		}
		if err := h.Replay(d.codec, r); err != nil {
			return err
		}
	}
	return nil
}

// Then is the house as it was at a moment, for reading: from the newest snapshot of before it, or from the first record
// if the journal has no more than so many. A longer journal with a snapshot of after the moment gives the house of that
// snapshot: its At says so.
func (d *Desk) Then(ctx context.Context, at time.Time, most int64) (*joint.House, error) {
	h := joint.NewHouse(d.past(ctx))
	s, ok, err := d.cfg.Store.LatestSnapshot(ctx)
	if err != nil {
		return nil, fault.Wrap("desk.Then", fault.Unavailable, err, "snapshots cannot be read")
	}
	if ok && sha256.Sum256(s.State) == s.Hash {
		restored, err := joint.Restore(s.State, d.past(ctx))
		if err == nil && (!restored.At.After(at) || int64(d.Head()) > most) {
			h = restored
		}
	}
	return h, d.Replay(ctx, h, at)
}
