package sim

import (
	"context"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/callers"
)

// surges are what a visitor may turn the dial to, the ordinary day first. How many more call on a festival and in a storm
// is an assumption: enough to be seen, and few enough for the units of a district.
func surges() []api.Surge {
	return []api.Surge{{Kind: "none", Factor: 1}, {Kind: "festival", Factor: 3}, {Kind: "storm", Factor: 4}, {Kind: "none", Factor: 10}}
}

// dial lets a visitor move simulated callers; it is Happenings.
type dial struct{ phones *Phones }

// Moved makes telephones something that a visitor can move.
func Moved(p *Phones) Happenings { return dial{p} }

// Surges are none where the ordinary day's calls are not ours.
func (d dial) Surges() []api.Surge {
	if d.phones.opt.Quiet {
		return nil
	}
	return surges()
}

func (d dial) Surge() api.Surge {
	s := d.phones.Surge()
	if s.Kind == "" {
		s.Kind = "none"
	}
	return api.Surge{Kind: s.Kind, Factor: max(1, s.Factor)}
}

// SetSurge takes any factor; without one it is that of the list.
func (d dial) SetSurge(s api.Surge, now time.Time) error {
	for _, offered := range surges() {
		if s.Factor == 0 && s.Kind == offered.Kind {
			s.Factor = offered.Factor
		}
	}
	return d.phones.SetSurge(callers.Surge{Kind: s.Kind, Factor: s.Factor}, now)
}

func (dial) Scenarios() []api.Scenario {
	var out []api.Scenario
	for _, s := range callers.Scenarios() {
		out = append(out, api.Scenario{ID: s.ID, Name: map[string]string{"zh": s.Zh, "en": s.En}})
	}
	return out
}

func (d dial) Begin(ctx context.Context, scenario string, now time.Time) error {
	_, err := d.phones.Begin(ctx, scenario, now)
	return err
}

// Said is what a caller says to whoever answers him.
func (d dial) Said(id cad.CallID) (api.Said, bool) {
	c, ok := d.phones.Said(id)
	if !ok {
		return api.Said{}, false
	}
	return api.Said{Place: c.Place, Words: c.Narrative, Simulated: true}, true
}
