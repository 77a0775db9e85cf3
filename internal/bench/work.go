package bench

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
)

// work is what each caller of the desk does, one command after another.
type work string

const (
	calls work = "calls" // A call taken: four facts about two lives, two private parts. The dearest command there is.
	lives work = "lives" // Incidents from the call to the close with a unit of the caller's own: a call in ten commands.
)

// units are how many the work needs.
func (w work) units(callers int) int {
	if w == lives {
		return max(fewUnits, callers)
	}
	return fewUnits
}

// worker is one caller. Ids and keys are those that clients make: UUIDs in the order of time, new ones beside each other.
type worker struct {
	h        *house
	does     work
	n        int // Which of how many.
	of       int
	incident string // The one at work, without its prefix.
}

// do gives the k-th command of a caller, with a key of its own.
func (w *worker) do(ctx context.Context, k int) error {
	steps := len(lifeSteps)
	if w.does == calls {
		steps = 1
	}
	life, step := k/steps, k%steps
	key, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("bench: no id: %w", err)
	}
	if step == 0 {
		w.incident = key.String()
		_, err := w.h.take(ctx, w.incident, w.n+life*w.of)
		return err
	}
	req, err := lifeSteps[step](w.h, cad.IncidentID("i"+w.incident), cad.UnitID(strconv.Itoa(1001+w.n)))
	if err != nil {
		return err
	}
	req.Actor, req.Key, req.Body = dispatcher, key.String(), []byte(key.String())
	_, err = w.h.desk.Do(ctx, req)
	return err
}

// lifeSteps are the commands of one incident after the call that opens it.
var lifeSteps = [...]func(*house, cad.IncidentID, cad.UnitID) (desk.Wish, error){ //nolint:gochecknoglobals // A table, never written.
	0: nil, // The call.
	1: func(_ *house, id cad.IncidentID, u cad.UnitID) (desk.Wish, error) {
		return desk.Wish{Command: dispatch.Send{Incident: id, Units: []cad.UnitID{u}, IDs: []cad.AssignmentID{cad.AssignmentID("a" + string(id))}}}, nil
	},
	2: says("acknowledged"),
	3: says("en_route"),
	4: says("on_scene"),
	5: func(h *house, id cad.IncidentID, _ cad.UnitID) (desk.Wish, error) {
		words, err := h.desk.Seal(incident.Subject(id), "the bottle is on the ground, both are calm")
		return desk.Wish{Command: joint.AboutIncident{ID: id, Name: "note", Cmd: incident.Note{ID: id, Text: words}}}, err
	},
	6: func(h *house, id cad.IncidentID, _ cad.UnitID) (desk.Wish, error) {
		words, err := h.desk.Seal(incident.Subject(id), "settled on the spot")
		return desk.Wish{Command: joint.AboutIncident{ID: id, Name: "feedback", Cmd: incident.GiveFeedback{
			ID: id, Kind: incident.Final, Result: "settled", Officers: 2, Text: words,
		}}}, err
	},
	7: says("cleared"),
	8: func(_ *house, id cad.IncidentID, _ cad.UnitID) (desk.Wish, error) {
		return desk.Wish{Command: joint.AboutIncident{ID: id, Name: "review", Cmd: incident.Review{ID: id}}}, nil
	},
	9: func(_ *house, id cad.IncidentID, _ cad.UnitID) (desk.Wish, error) {
		return desk.Wish{Command: joint.AboutIncident{ID: id, Name: "close", Cmd: incident.Close{ID: id}}}, nil
	},
}

func says(to string) func(*house, cad.IncidentID, cad.UnitID) (desk.Wish, error) {
	return func(_ *house, _ cad.IncidentID, u cad.UnitID) (desk.Wish, error) {
		return desk.Wish{Command: joint.SayUnit{Unit: u, To: to}}, nil
	}
}

// rush lets callers work as fast as they are answered. Every command must be taken.
func rush(ctx context.Context, callers int, span time.Duration, do func(ctx context.Context, caller, n int) error) (spread, time.Duration, error) {
	var wg sync.WaitGroup
	took, failed := make([]spread, callers), make([]error, callers)
	from := time.Now()
	for c := range callers {
		wg.Go(func() {
			for n := 0; time.Since(from) < span && ctx.Err() == nil; n++ {
				start := time.Now()
				if failed[c] = do(ctx, c, n); failed[c] != nil {
					return
				}
				took[c] = append(took[c], time.Since(start))
			}
		})
	}
	wg.Wait()
	passed := time.Since(from)
	if err := errors.Join(failed...); err != nil {
		return nil, passed, fmt.Errorf("bench: a command was not taken: %w", err)
	}
	var all spread
	for _, s := range took {
		all = append(all, s...)
	}
	return all, passed, ctx.Err()
}
