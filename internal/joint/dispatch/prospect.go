package dispatch

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/geo"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// prospect is one unit that is looked at. Words are made only for those that are shown.
type prospect struct {
	u      *unit.State
	point  geo.Point
	trust  Trust
	placed bool   // Something says where it is: point.
	ageS   int64  // How old that is.
	state  string // StateFree, StateSoon, StateRedeployable; empty: it cannot go.
	why    Reason // Why it cannot go now.

	reach   bool // ms and meters are known.
	byAir   bool // They are those of a straight line.
	astray  bool // The streets, which reach others, do not reach it, or nobody knows where it is: it goes only where no other can.
	ownPace bool // They are those of its own speed, which is less than the streets'.
	ms      int64
	meters  float64
	doubtMS int64 // What is not known about its position, as time.
	soonS   int64 // Until it is expected to be free.
	rank    int64 // Arrival with all doubt, milliseconds: what it is sorted by.
	order   int64 // Its place among the call signs.

	loss    cover.Loss
	covered bool // loss is known.
	load    Load

	line, as int // What it is picked or proposed for; line is -1 if for nothing.
	pick     bool
}

// Doubt about a position, as time. A unit drives away from where it was last seen at most as fast as it would
// come, so half the age is the expected loss; a unit that never reported is taken to be at its post.
const (
	crowKmh       = 30.0             // Straight-line speed when there are no streets.
	doubtMax      = 10 * time.Minute // A fix older than twice this says nothing more.
	doubtAtPost   = 2 * time.Minute
	unreachableMS = int64(1) << 40
	astrayMS      = unreachableMS / 4 // Behind all that the streets reach, before a suspect position.
)

// prospects looks at every unit once, in the order of call signs.
func (in *Input) prospects(ctx context.Context) (all []prospect, degraded []string) {
	all = make([]prospect, 0, len(in.Units))
	for _, u := range in.Units {
		if !u.Retired && u.Dispatchable {
			all = append(all, prospect{u: u, line: -1})
		}
	}
	slices.SortFunc(all, func(a, b prospect) int {
		return cmp.Or(cmp.Compare(a.u.CallSign, b.u.CallSign), cmp.Compare(a.u.ID, b.u.ID))
	})
	from := make([]street.Snap, len(all))
	for i := range all {
		p := &all[i]
		p.order = int64(i)
		f, placed := in.fix(p.u)
		p.point, p.trust, p.placed, p.ageS, from[i] = f.Point, f.Trust, placed, ageS(in.Now, f), f.Snap
		if in.Tally != nil {
			p.load = in.Tally.Loads[p.u.ID]
		}
	}
	degraded = in.arrivals(ctx, all, from)
	in.pace(all)
	for i := range all {
		p := &all[i]
		p.doubtMS = p.doubt()
		p.state, p.why, p.soonS = in.stateOf(p.u)
		p.rank = p.ms + p.doubtMS + 1000*p.soonS
		if p.astray {
			p.rank += astrayMS
		}
		if !p.reach {
			p.rank = unreachableMS
		}
	}
	return all, degraded
}

// arrivals fills in when each unit would be there. A place that no street reaches is reached by a straight line; so is any
// place by a unit that the streets do not reach, though that counts only where nobody else can go.
func (in *Input) arrivals(ctx context.Context, all []prospect, from []street.Snap) []string {
	if in.Incident.Place == nil {
		return []string{"no_place"}
	}
	degraded := "no_streets"
	if in.Streets != nil && in.Snap.OK() {
		reached, asked := 0, 0
		for i, t := range in.trips(ctx, all, from) {
			if from[i].OK() {
				asked++
			}
			if t.OK {
				reached++
				all[i].reach, all[i].ms, all[i].meters = true, t.Duration.Milliseconds(), t.Meters
			}
		}
		if reached > 0 || asked == 0 && len(all) > 0 && !anyPlaced(all) {
			for i := range all {
				if p := &all[i]; !p.reach {
					p.astray = true
					in.byAir(p)
				}
			}
			return nil
		}
		degraded = "no_way_there"
	}
	for i := range all {
		in.byAir(&all[i])
	}
	return []string{degraded}
}

// byAir gives a unit the time of a straight line, if anybody knows where it is.
func (in *Input) byAir(p *prospect) {
	if p.placed {
		p.meters = geo.DistanceMeters(p.point, *in.Incident.Place)
		p.reach, p.byAir, p.ms = true, true, int64(p.meters/(crowKmh/3.6)*1000)
	}
}

// trips asks whoever keeps the units ready, or the streets, once for all.
func (in *Input) trips(ctx context.Context, all []prospect, from []street.Snap) []street.Trip {
	if in.Arrive == nil {
		return in.Streets.ManyToOne(ctx, from, in.Snap)
	}
	ids := make([]cad.UnitID, len(all))
	for i := range all {
		ids[i] = all[i].u.ID
	}
	return in.Arrive(ctx, ids, from, in.Snap)
}

func anyPlaced(all []prospect) bool {
	return slices.ContainsFunc(all, func(p prospect) bool { return p.placed })
}

// doubt turns what is not known about a position into milliseconds.
func (p *prospect) doubt() int64 {
	switch p.trust {
	case Stale:
		return min(time.Duration(p.ageS)*time.Second/2, doubtMax).Milliseconds()
	case NoFix:
		return doubtAtPost.Milliseconds()
	case Suspect:
		return unreachableMS / 2
	case Trusted:
	}
	return 0
}

// stateOf says whether a unit can go now, or why not and when it could.
func (in *Input) stateOf(u *unit.State) (state string, why Reason, soonS int64) {
	switch {
	case u.Duress != nil:
		return "", Reason{Code: "in_duress"}, 0
	case u.Duty == unit.OffDuty || u.Duty == "":
		return "", Reason{Code: "off_duty"}, 0
	case u.Duty == unit.Unavailable:
		return "", Reason{Code: "unavailable", Params: map[string]string{"reason": u.Reason}}, 0
	case !u.OutOfContact.IsZero():
		return "", Reason{Code: "out_of_contact"}, 0
	}
	stack := in.Stack(u.ID)
	if len(stack) == 0 {
		return StateFree, Reason{}, 0
	}
	for _, a := range stack {
		if a.Incident == in.Incident.ID {
			return "", Reason{Code: "on_its_way", Params: map[string]string{"stage": string(a.Stage)}}, 0
		}
	}
	params := map[string]string{"number": number(in.Number(stack[0].Incident)), "stage": string(stack[0].Stage)}
	if stack[0].Redeployable {
		return StateRedeployable, Reason{Code: "busy_redeployable", Params: params}, 0
	}
	if s, known := in.soon(stack); known {
		params["soon_s"] = strconv.FormatInt(s, 10)
		return StateSoon, Reason{Code: "busy_soon", Params: params}, s
	}
	return "", Reason{Code: "busy", Params: params}, 0
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// coverWeight is how many seconds of the arrival here a second is worth by which every other call waits longer while the
// unit is away, averaged over calls. It is our judgement, and a scale rather than a measurement: a busy district has ten
// to twenty calls while one job lasts, so a weight of ten treats their seconds and ours alike. A life in danger here
// hardly minds; what can wait minds fully.
func coverWeight(p cad.Priority) float64 {
	switch p {
	case cad.P2:
		return 2
	case cad.P3:
		return 8
	case cad.P4:
		return 12
	case cad.P1:
	}
	return 0.5 // P1, and what nobody has graded yet.
}

// coverMaxMS is the most that cover may hold against a unit where a life may be in danger: twenty seconds, about what an
// expected arrival errs by. It settles which of two equals goes, and never sends the one that is minutes later.
const coverMaxMS = 20_000

// coverMS is what a lost second of cover counts as, as time of the arrival here.
func coverMS(p cad.Priority, lossS float64) int64 {
	ms := 1000 * coverWeight(p) * max(0, lossS)
	if p == cad.P1 || p == "" {
		ms = min(ms, coverMaxMS)
	}
	return int64(ms)
}

// NoLoss is the answer of Input.Loss where nothing is known of a unit.
var NoLoss = cover.Loss{Seconds: -1} //nolint:gochecknoglobals // Never written.

// lose asks what the city loses with each unit that can go.
func (in *Input) lose(all []prospect) {
	if in.Loss == nil {
		return
	}
	for i := range all {
		if p := &all[i]; p.state != "" {
			p.loss = in.Loss(p.u.ID)
			p.covered = p.loss.Seconds >= 0
		}
	}
}
