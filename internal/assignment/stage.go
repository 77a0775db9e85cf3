package assignment

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Stage is how far a unit has come. Empty means that nobody sent it.
type Stage string

// The stages.
const (
	Dispatched   Stage = "dispatched"   // 待签收
	Acknowledged Stage = "acknowledged" // 已签收
	EnRoute      Stage = "en_route"     // 赶赴现场
	Staged       Stage = "staged"       // Waiting near the scene, by order.
	OnScene      Stage = "on_scene"     // 已到场
	Transporting Stage = "transporting" // 带离途中
	AtFacility   Stage = "at_facility"
	Cleared      Stage = "cleared" // Released: the end.
)

// life is the whole table of what may follow what. Each row lists where a unit may go from here.
//
// Duress is not in it: it is a flag on the unit, raised from anywhere. No rule of ours may stand between an
// officer and help.
var life = map[Stage][]Stage{
	"":           {Dispatched},
	Dispatched:   {Acknowledged, EnRoute, OnScene, Cleared},
	Acknowledged: {EnRoute, OnScene, Cleared},
	EnRoute:      {Staged, OnScene, Cleared},
	Staged:       {EnRoute, OnScene, Cleared},
	OnScene:      {Transporting, Cleared},
	Transporting: {AtFacility, Cleared},
	AtFacility:   {Cleared},
	Cleared:      nil, // A unit sent again gets a new assignment.
}

// Check reports whether an assignment may move between two stages. Saying the same thing twice is allowed:
// radios repeat. A refusal is a *fault.Error of kind Conflict with code "stage".
func Check(from, to Stage) error {
	if from == to || slices.Contains(life[from], to) {
		return nil
	}
	return fault.New("assignment.Check", fault.Conflict, "an assignment cannot go from %s to %s", from, to).
		Because("stage", "from", string(from), "to", string(to))
}

// stages are the stages in the order in which they come. Staging is not among them, as it may repeat.
var stages = []Stage{Dispatched, Acknowledged, EnRoute, OnScene, Transporting, AtFacility, Cleared}

// At is when the assignment reached a stage; zero if it has not, or skipped it. A stage that it reached twice
// tells the first time, as that is what a deadline and a statistic mean.
func (s State) At(stage Stage) time.Time {
	if p := s.milestone(stage); p != nil {
		return *p
	}
	return time.Time{}
}

func (s *State) milestone(stage Stage) *time.Time {
	switch stage {
	case Dispatched:
		return &s.DispatchedAt
	case Acknowledged:
		return &s.AcknowledgedAt
	case EnRoute:
		return &s.EnRouteAt
	case Staged:
		return &s.StagedAt
	case OnScene:
		return &s.OnSceneAt
	case Transporting:
		return &s.TransportingAt
	case AtFacility:
		return &s.AtFacilityAt
	case Cleared:
		return &s.ClearedAt
	}
	return nil
}

// reached is the first moment at which the assignment was known to have come to a stage or beyond: a crew that is
// on scene has departed, even if nobody said so. Zero if it has not. Its release does not count.
func (s State) reached(stage Stage) time.Time {
	var first time.Time
	from := slices.Index(stages, stage)
	for _, m := range stages[from : len(stages)-1] {
		if at := s.At(m); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// enter moves to a stage at a moment and keeps the first time of its milestone.
func (s *State) enter(stage Stage, at time.Time) {
	s.Stage, s.Since = stage, at
	if p := s.milestone(stage); p != nil && p.IsZero() {
		*p = at
	}
}

// words is the table of what a crew may say, in the order the console shows the buttons, and the stage it means.
var words = []struct {
	verb string
	to   Stage
}{
	{"acknowledge", Acknowledged},
	{"en_route", EnRoute},
	{"staged", Staged},
	{"on_scene", OnScene},
	{"transporting", Transporting},
	{"at_facility", AtFacility},
	{"clear", Cleared},
}

// Next lists every verb of the room, with the reason for each one that would be refused or change nothing.
func Next(s State, _ Around) []cad.Step {
	out := make([]cad.Step, 0, len(words)+1)
	for _, w := range words {
		err := maySay(s, w.to)
		if err == nil && s.Stage == w.to {
			err = fault.New("assignment.Say", fault.Conflict, "the unit is %s already", w.to).
				Because("already", "stage", string(w.to))
		}
		out = append(out, cad.StepOf(w.verb, err))
	}
	return append(out, cad.StepOf("backup", live("assignment.AskBackup", s)))
}

// NextAtDesk is the signature of the station's desk, where one signs; it is no word of the crew.
func NextAtDesk(s State) []cad.Step {
	if s.Way != LevelTwo {
		return nil
	}
	err := maySign(s)
	if err == nil && !s.DeskSignedAt.IsZero() {
		err = fault.New("assignment.SignAtDesk", fault.Conflict, "the desk has signed already").Because("already", "stage", "desk_signed")
	}
	return []cad.Step{cad.StepOf("sign_at_desk", err)}
}
