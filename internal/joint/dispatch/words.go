package dispatch

import (
	"math"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/org"
)

// words explains a plan, unit by unit.
type words struct {
	p       *plan
	nearest []int64       // By line: the rank of the first free unit that can fill it.
	taken   [][]*prospect // By line: who was picked for it.
}

func (p *plan) words() *words {
	w := &words{p: p, nearest: make([]int64, len(p.lines)), taken: p.taken()}
	for line := range w.nearest {
		w.nearest[line] = math.MaxInt64
	}
	for k := range p.open {
		s := &p.open[k]
		if w.nearest[s.line] < math.MaxInt64 {
			continue
		}
		for i := range p.all { // Sorted by rank.
			if c := &p.all[i]; c.state == StateFree && c.reach && p.in.fits(s, c.u) >= 0 {
				w.nearest[s.line] = c.rank
				break
			}
		}
	}
	return w
}

// candidate is a unit as it is shown, with what speaks for it.
func (w *words) candidate(c *prospect) Candidate {
	out := w.plain(c)
	if c.state != StateFree {
		out.Reasons = append(out.Reasons, c.why)
	}
	out.Reasons = append(out.Reasons, w.way(c)...)
	out.Reasons = append(out.Reasons, w.home(c)...)
	if c.line >= 0 {
		out.Reasons = append(out.Reasons, w.role(c)...)
	}
	out.Reasons = append(out.Reasons, w.price(c)...)
	if c.line < 0 {
		out.Reasons = append(out.Reasons, w.notPicked(c))
	}
	return out
}

// leftOut is a unit that cannot go; why not comes first.
func (w *words) leftOut(c *prospect) Candidate {
	out := w.plain(c)
	out.Reasons = append(out.Reasons, c.why)
	out.Reasons = append(out.Reasons, w.way(c)...)
	out.Reasons = append(out.Reasons, w.home(c)...)
	return out
}

func (w *words) plain(c *prospect) Candidate {
	out := Candidate{
		Unit: c.u.ID, CallSign: c.u.CallSign, Kind: c.u.Kind, Pick: c.pick, AgeS: c.ageS, Trust: c.trust, State: c.state, SoonS: c.soonS,
		Reasons: make([]Reason, 0, 6),
	}
	if c.line >= 0 {
		out.Slot, out.Hold = w.p.what(c.line), w.p.lines[c.line].Hold
	}
	if c.reach {
		out.EtaS, out.DistanceM = new(seconds(c.ms)), new(c.meters)
	}
	if w.p.in.Tally != nil {
		out.Work = new(c.load)
	}
	if c.covered {
		out.Cover = costOf(c.loss)
	}
	return out
}

// costOf is a loss as people read it.
func costOf(loss cover.Loss) *Cost {
	out := &Cost{LossS: round1(loss.Seconds), Calls: round1(loss.Calls)}
	for _, v := range loss.Voids {
		out.Voids = append(out.Voids, Void{Area: v.Area, Class: v.Class})
	}
	return out
}

func seconds(ms int64) int64 {
	return int64(time.Duration(ms*int64(time.Millisecond)).Round(time.Second) / time.Second)
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

// way says how its arrival is known, and how far that is to be believed.
func (w *words) way(c *prospect) []Reason {
	var out []Reason
	own, paced := c.paced(w.p.in.Org.Kinds[c.u.Kind])
	switch {
	case !c.reach && !c.placed:
		return []Reason{{Code: "no_position", Params: map[string]string{"unit": string(c.u.ID)}}}
	case !c.reach:
		return []Reason{{Code: "no_way"}}
	case paced:
		out = append(out, own)
	case c.byAir:
		out = append(out, Reason{Code: "straight_line"})
	default:
		out = append(out, Reason{Code: "street_time"})
	}
	switch c.trust {
	case Stale:
		out = append(out, Reason{Code: "stale_position", Params: map[string]string{"age_s": strconv.FormatInt(c.ageS, 10)}})
	case NoFix:
		out = append(out, Reason{Code: "assumed_at_post"})
	case Suspect:
		out = append(out, Reason{Code: "suspect_position"})
	case Trusted:
	}
	return out
}

// home says whether it is the responsible station's, or a neighbour's at the border.
func (w *words) home(c *prospect) []Reason {
	r := w.p.in.Incident.Responsible
	switch {
	case c.u.Station == "":
	case c.u.Station == r.Org:
		return []Reason{{Code: "responsible_station"}}
	case slices.Contains(r.Border, c.u.Station):
		return []Reason{{Code: "border_station", Params: map[string]string{"station": string(c.u.Station)}}}
	}
	return nil
}

// role says what it is sent for.
func (w *words) role(c *prospect) []Reason {
	var out []Reason
	n := w.p.lines[c.line]
	if c.pick && c.reach && c.rank <= w.nearest[c.line] {
		out = append(out, Reason{Code: "nearest"})
	}
	met := n
	switch {
	case c.as > 0 && c.as <= len(n.Or):
		met = n.Or[c.as-1]
		out = append(out, Reason{Code: "alternative", Params: map[string]string{"for": What(n), "as": What(met)}})
	case c.as > 0:
		out = append(out, Reason{Code: "neighbour_for_own"})
	}
	if met.Capability != "" {
		out = append(out, Reason{Code: "capability", Params: map[string]string{"capability": met.Capability}})
	}
	if n.Hold {
		out = append(out, Reason{Code: "stays_back"})
	}
	return out
}

// price says what the city and the crew pay for it.
func (w *words) price(c *prospect) []Reason {
	var out []Reason
	if c.covered && round1(c.loss.Seconds) > 0 {
		out = append(out, Reason{Code: "cover_cost", Params: map[string]string{"seconds": strconv.FormatFloat(round1(c.loss.Seconds), 'f', -1, 64)}})
	}
	for i, v := range c.loss.Voids {
		if i < 2 {
			out = append(out, Reason{Code: "leaves_void", Params: map[string]string{"station": string(v.Area), "class": v.Class}})
		}
	}
	if w.p.in.Tally != nil {
		out = append(out, Reason{Code: "workload", Params: map[string]string{
			"jobs": strconv.Itoa(c.load.Jobs), "minutes": strconv.FormatInt(c.load.BusyS/60, 10),
		}})
	}
	return out
}

// tellOthers names the plans, and who must know.
func (p *plan) tellOthers(a *Advice, r org.Response) {
	o, through := p.in.Org, r.Through(a.Wave)
	a.Cards, a.Seats, a.Notify, a.Partners = []org.Item{}, []org.Item{}, []string{}, []org.Item{}
	for _, id := range r.Cards {
		item := org.Item{ID: id}
		if i := slices.IndexFunc(o.Plans, func(c org.Card) bool { return c.ID == id }); i >= 0 {
			item.Name = o.Plans[i].Name
		}
		a.Cards = append(a.Cards, item)
	}
	for _, id := range through.Seats {
		a.Seats = append(a.Seats, named(o.Seats, id))
	}
	a.Notify = append(a.Notify, through.Notify...)
	for _, id := range through.Partners {
		a.Partners = append(a.Partners, named(o.Partners, string(id)))
	}
}

// named is an item of a list by its id; one that is not listed has no name.
func named(list []org.Item, id string) org.Item {
	if i := slices.IndexFunc(list, func(x org.Item) bool { return x.ID == id }); i >= 0 {
		return list[i]
	}
	return org.Item{ID: id}
}

// station is an org by its id, with its name.
func (in *Input) station(id cad.OrgID) *org.Item {
	if id == "" {
		return nil
	}
	return &org.Item{ID: string(id), Name: in.Org.Orgs[id].Name}
}
