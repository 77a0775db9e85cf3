package sim

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/intake"
	"shuniu/internal/trial"
)

// Report is what a replay found. Times are in seconds.
type Report struct {
	Centre      cad.CentreID `json:"centre"`
	Autopilot   string       `json:"autopilot"`
	Rows        int          `json:"rows"`
	Unusable    []BadRow     `json:"unusable"`     // Rows that are part of no call.
	Doubtful    []BadRow     `json:"doubtful"`     // Rows that were used without a part of them.
	Disorder    Listed       `json:"out_of_order"` // Rows with a step earlier than a step before it. They are played as published.
	Unknown     Listed       `json:"unknown_type"` // Calls whose type the centre does not have.
	LeftOut     []LeftOut    `json:"left_out"`     // Units of usable rows that could not be sent.
	Calls       int          `json:"calls"`        // Received by the desk.
	Incidents   int          `json:"incidents"`    // Made of them.
	Open        int          `json:"open"`         // Of those, not ended.
	Assignments int          `json:"assignments"`
	Reassigned  int          `json:"reassigned"` // Units called away from what they were bound to.
	Refused     Counts       `json:"refused"`    // Recorded steps that our life tables do not allow, by code.
	Deadlines   int64        `json:"deadlines_passed"`

	CallToScene map[string]Quantiles `json:"call_to_scene_s"` // Of the first unit; "all", and by priority.
	Model       Model                `json:"model"`

	Records     int64   `json:"records"`
	StateHash   string  `json:"state_hash"`   // SHA-256; private parts are sealed anew each time, so it differs between runs.
	ReplayEqual bool    `json:"replay_equal"` // Folding the journal again gave the same hash.
	Seconds     float64 `json:"seconds"`      // Of the replay itself, without reading files.
}

// Counts are numbers by name.
type Counts map[string]int

// BadRow is one row of the file that a person should look at.
type BadRow struct {
	Line   int    `json:"line"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

// listedMax is how many rows a list names; its count is always whole.
const listedMax = 200

// Listed are rows that were used although a person should look at them.
type Listed struct {
	N    int      `json:"n"`
	Rows []BadRow `json:"rows"` // By line; the first 200.
}

func listed(rows []BadRow) Listed {
	slices.SortStableFunc(rows, func(a, b BadRow) int { return cmp.Compare(a.Line, b.Line) })
	return Listed{N: len(rows), Rows: slices.Clip(append([]BadRow{}, rows[:min(len(rows), listedMax)]...))}
}

// odd lists the rows whose steps are out of order, and the calls of a type that the centre does not have.
func odd(cfg ReplayConfig) (disorder, unknown Listed) {
	types := map[string]bool{"": true}
	for _, t := range cfg.Charter.Types {
		types[string(t.ID)] = true
	}
	var late, strange []BadRow
	for _, c := range cfg.Calls.Calls {
		if !types[c.Type] {
			strange = append(strange, BadRow{Line: c.Line, Field: "type", Reason: "the centre has no such type; the call was played without one"})
		}
		for _, u := range c.Units {
			if u.Disorder {
				late = append(late, BadRow{Line: u.Line, Field: "times", Reason: outOfOrder(c, u)})
			}
		}
	}
	return listed(late), listed(strange)
}

// outOfOrder names the first step that is earlier than one before it.
func outOfOrder(c intake.Call, u intake.UnitRecord) string {
	last, latest := "", time.Time{}
	for _, s := range []struct {
		name string
		at   time.Time
	}{
		{"received", c.Received},
		{"entry", c.Entry},
		{"dispatch", u.Dispatch},
		{"en_route", u.EnRoute},
		{"on_scene", u.OnScene},
		{"transport", u.Transport},
		{"hospital", u.Hospital},
		{"available", u.Available},
	} {
		if s.at.IsZero() {
			continue
		}
		if s.at.Before(latest) {
			return s.name + " is earlier than " + last
		}
		last, latest = s.name, s.at
	}
	return "a step is earlier than one before it; another row of the call says otherwise"
}

// LeftOut is a recorded unit that was not sent.
type LeftOut struct {
	Call   string `json:"call"`
	Unit   string `json:"unit"`
	Reason string `json:"reason"`
}

// Quantiles sum up seconds, by the nearest rank. The zero value is of nothing.
type Quantiles struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// Model is how well our street times foretell recorded driving: from where the unit was taken to be (its last scene
// while it was fresh, else its home) to the scene, against the time from setting out to arriving.
type Model struct {
	trial.Accuracy
	NoOrigin int `json:"no_origin"` // Trips of units whose place nobody knows.
}

func quantiles(d []time.Duration) Quantiles {
	if len(d) == 0 {
		return Quantiles{}
	}
	slices.Sort(d)
	n := len(d)
	return Quantiles{N: n, P50: d[(n+1)/2-1].Seconds(), P90: d[(9*n+9)/10-1].Seconds()}
}

// report sums up what the desk made durable.
func (r *replay) report(cfg ReplayConfig) Report {
	told := r.script.Told()
	out := Report{
		Centre: cfg.Charter.Centre, Autopilot: cmp.Or(cfg.Autopilot, Recorded), Rows: cfg.Calls.Counts.Rows, Unusable: badRows(cfg.Calls.Bad),
		Doubtful: badRows(cfg.Calls.Doubts), LeftOut: r.leftOut(cfg), Calls: told.Calls, Incidents: len(r.taken), Assignments: len(r.sent),
		Reassigned: r.recalls, Refused: told.Refused, Deadlines: r.due.Passed(), CallToScene: map[string]Quantiles{},
	}
	out.Disorder, out.Unknown = odd(cfg)
	first := map[cad.IncidentID]time.Time{}
	for _, a := range r.sent {
		if at := a.OnSceneAt; !at.IsZero() && (first[a.Incident].IsZero() || at.Before(first[a.Incident])) {
			first[a.Incident] = at
		}
	}
	waits := map[string][]time.Duration{}
	for id, i := range r.taken {
		if i.open {
			out.Open++
		}
		at, ok := first[id]
		if !ok || at.Before(i.received) {
			continue
		}
		for _, name := range []string{"all", cmp.Or(string(i.priority), "ungraded")} {
			waits[name] = append(waits[name], at.Sub(i.received))
		}
	}
	for name, d := range waits {
		out.CallToScene[name] = quantiles(d)
	}
	return out
}

func badRows(rows []intake.BadRow) []BadRow {
	out := make([]BadRow, 0, len(rows))
	for _, b := range rows {
		out = append(out, BadRow(b))
	}
	return out
}

// leftOut lists the recorded units that the centre does not know, or that have no time of dispatch.
func (r *replay) leftOut(cfg ReplayConfig) []LeftOut {
	out := []LeftOut{}
	known := map[string]bool{}
	for _, u := range cfg.Charter.Units {
		known[string(u.ID)] = u.Dispatchable
	}
	for _, c := range cfg.Calls.Calls {
		for _, u := range c.Units {
			sendable, there := known[u.Unit]
			switch {
			case !there:
				out = append(out, LeftOut{c.ID, u.Unit, "the centre has no such unit"})
			case !sendable:
				out = append(out, LeftOut{c.ID, u.Unit, "the centre never sends this unit"})
			case u.Dispatch.IsZero():
				out = append(out, LeftOut{c.ID, u.Unit, "no time of dispatch is recorded"})
			}
		}
	}
	return out
}

// measureModel compares our street times with recorded driving, on two cores beside the desk.
func measureModel(ctx context.Context, cfg ReplayConfig) Model {
	var m Model
	if cfg.Map == nil || cfg.Map.Streets == nil {
		return m
	}
	drives, noOrigin := trial.Drives(Records(cfg.Calls.Calls), homesOf(cfg.Charter))
	foretold := make([]time.Duration, len(drives))
	middle := len(drives) / 2
	var wg sync.WaitGroup
	for _, part := range [][2]int{{0, middle}, {middle, len(drives)}} {
		wg.Go(func() { copy(foretold[part[0]:part[1]], trial.Foretell(ctx, cfg.Map.Streets, drives[part[0]:part[1]])) })
	}
	wg.Wait()
	m.Accuracy, m.NoOrigin = trial.Judge(drives, foretold), noOrigin
	return m
}

// Print writes the report for people.
func (r Report) Print(w io.Writer) error {
	lines := []string{
		fmt.Sprintf("%s, %s: %d rows, %d unusable, %d doubtful", r.Centre, r.Autopilot, r.Rows, len(r.Unusable), len(r.Doubtful)),
		fmt.Sprintf("%d calls, %d incidents (%d still open), %d assignments (%d called away), %d units left out", r.Calls, r.Incidents, r.Open, r.Assignments, r.Reassigned, len(r.LeftOut)),
		fmt.Sprintf("%d deadlines passed; refused: %v", r.Deadlines, map[string]int(r.Refused)),
	}
	lines = append(lines, fmt.Sprintf("%d rows with steps out of order, %d calls of an unknown type", r.Disorder.N, r.Unknown.N))
	for _, name := range slices.Sorted(maps.Keys(r.CallToScene)) {
		q := r.CallToScene[name]
		lines = append(lines, fmt.Sprintf("call to scene, %s: p50 %.0f s, p90 %.0f s (n=%d)", name, q.P50, q.P90, q.N))
	}
	if m := r.Model; m.N > 0 {
		lines = append(lines, fmt.Sprintf("street model: off by %.0f s (p50), %.0f s (p90); bias %+.0f s; Spearman %.3f (n=%d, %d without origin, %d without a way)",
			m.ErrorP50, m.ErrorP90, m.Bias, m.Spearman, m.N, m.NoOrigin, m.NoWay))
	}
	for _, b := range r.Unusable {
		lines = append(lines, fmt.Sprintf("line %d: %s: %s", b.Line, cmp.Or(b.Field, "row"), b.Reason))
	}
	lines = append(lines, fmt.Sprintf("%d records in %.1f s; state %s; folded again the same: %v", r.Records, r.Seconds, r.StateHash[:min(16, len(r.StateHash))], r.ReplayEqual))
	for _, l := range lines {
		if _, err := fmt.Fprintln(w, l); err != nil {
			return fmt.Errorf("printing the report: %w", err)
		}
	}
	return nil
}
