package coverage

import (
	"time"

	"shuniu/internal/cover"
	"shuniu/internal/unit"
)

// How the long-run share of busy units is measured. It must not swing with the hour: the units that are busy now are left
// out of the picture already.
const (
	busyAsIf   = 4 * time.Hour  // So long every unit counts as watched beforehand, busy for its usual share.
	busyWindow = 24 * time.Hour // At most so much is remembered: what is new takes the place of what is old.
	busyGap    = time.Hour      // A longer time between two turns was not watched.
	busyStep   = time.Second    // A shorter one is counted with the next.
)

// hours are those that the units of a class were on duty, and those of them that they were not free.
type hours struct{ duty, busy float64 }

// count adds the time since the last turn, during which units stood as they are known now.
func (w *work) count(now time.Time) {
	last, gone := w.counted, now.Sub(w.counted)
	if gone >= 0 && gone < busyStep {
		return
	}
	w.counted = now
	if last.IsZero() || gone < 0 || gone > busyGap {
		return
	}
	if w.worked == nil {
		w.worked = map[string]hours{}
	}
	on, not := make([]float64, len(w.ground.classes)), make([]float64, len(w.ground.classes))
	for _, k := range w.known {
		if k.state.Duty == unit.OffDuty && !k.busy {
			continue
		}
		for _, c := range w.ground.classesOf(k.state) {
			on[c]++
			if !k.free {
				not[c]++
			}
		}
	}
	for c, class := range w.ground.classes {
		h := w.worked[class.ID]
		h.duty, h.busy = h.duty+on[c]*gone.Hours(), h.busy+not[c]*gone.Hours()
		if most := on[c] * busyWindow.Hours(); h.duty > most && most > 0 {
			h.busy, h.duty = h.busy*most/h.duty, most
		}
		w.worked[class.ID] = h
	}
}

// share tells the models how busy the units of each class are in the long run.
func (w *work) share() {
	for c, class := range w.ground.classes {
		h := w.worked[class.ID]
		_, units := w.live.Count(c)
		before := float64(units) * busyAsIf.Hours()
		q := cover.BusyUsual
		if before > 0 {
			q = (h.busy + cover.BusyUsual*before) / (h.duty + before)
		}
		for _, m := range []*cover.Model{w.live, w.bound, w.atHome} {
			m.Busy(c, q)
		}
	}
}
