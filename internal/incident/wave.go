package incident

import (
	"slices"
	"strconv"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// RaiseWave asks for the next wave of the response plan (加强, 增援). It sends nobody: it changes what is recommended, and
// a person sends.
type RaiseWave struct {
	ID   cad.IncidentID
	Wave int        // The wave to be in force; 0 is the next one.
	Text cad.Sealed // Why; may be empty.
}

// InWave is the wave in force, from 1.
func (s State) InWave() int { return max(1, s.Wave) }

// nextWave is the first wave after the one in force; 0 if the plan has none.
func (s State) nextWave(a Around) int {
	i := slices.IndexFunc(a.Waves, func(n int) bool { return n > s.InWave() })
	if i < 0 {
		return 0
	}
	return a.Waves[i]
}

func mayRaiseWave(s State, a Around) error {
	const op = "incident.RaiseWave"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if s.nextWave(a) == 0 {
		return fault.New(op, fault.Conflict, "wave %d is the last of its plan", s.InWave()).Because("last_wave", "wave", strconv.Itoa(s.InWave())).
			At("wave").Mend("send further units by name, or grade it anew if it has become worse")
	}
	return nil
}

// Decide raises it once. A wave that is in force, or was, is no news; waves may be skipped, because each includes those
// before it.
func (c RaiseWave) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.RaiseWave"
	if err := mayOpen(op, s); err != nil {
		return nil, err
	}
	switch {
	case c.Wave < 0:
		return nil, fault.New(op, fault.Invalid, "waves are numbered from 1").Because("no_wave", "wave", strconv.Itoa(c.Wave)).At("wave").Mend("leave it out for the next one")
	case c.Wave > 0 && c.Wave <= s.InWave():
		return nil, nil
	}
	if err := mayRaiseWave(s, a); err != nil {
		return nil, err
	}
	if c.Wave == 0 {
		c.Wave = s.nextWave(a)
	}
	if !slices.Contains(a.Waves, c.Wave) {
		return nil, fault.New(op, fault.Invalid, "its plan has no wave %d", c.Wave).Because("no_wave", "wave", strconv.Itoa(c.Wave)).At("wave").
			Mend("the next one is " + strconv.Itoa(s.nextWave(a)))
	}
	return []cad.Fact{WaveRaised{about: about{s.ID}, Wave: c.Wave, Private: c.Text}}, nil
}

// WaveRaised says which wave of its response plan is in force.
type WaveRaised struct {
	about
	Wave    int        `json:"wave"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (WaveRaised) FactType() string { return "incident.wave_raised" }

// Secret is the reason.
func (f WaveRaised) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f WaveRaised) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f WaveRaised) apply(s *State, _ cad.Stamp) { s.Wave = f.Wave }
