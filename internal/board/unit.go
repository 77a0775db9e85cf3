package board

import (
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// UnitRow is one unit as the panels show it. Where it is comes beside the row, because positions are not facts.
type UnitRow struct {
	ID           cad.UnitID        `json:"id"`
	Seq          cad.Seq           `json:"seq"`
	CallSign     string            `json:"call_sign"`
	Kind         string            `json:"kind"`
	KindName     map[string]string `json:"kind_name,omitempty"`
	Station      cad.OrgID         `json:"station,omitempty"`
	StationName  map[string]string `json:"station_name,omitempty"`
	Beat         string            `json:"beat,omitempty"`
	BeatName     map[string]string `json:"beat_name,omitempty"`
	State        string            `json:"state" doc:"off_duty, available, assigned or unavailable."`
	Reason       string            `json:"reason,omitempty"`
	Stage        assignment.Stage  `json:"stage,omitempty" doc:"Of its primary assignment."`
	StageSince   *time.Time        `json:"stage_since,omitempty"`
	Since        time.Time         `json:"since"`
	Incident     cad.IncidentID    `json:"incident,omitempty"`
	IncidentNo   int64             `json:"incident_number,omitempty"`
	Stack        []StackMark       `json:"stack"`
	Flags        Flags             `json:"flags"`
	Capabilities []string          `json:"capabilities,omitempty"`
	Officers     int               `json:"officers,omitempty"`
	Sworn        int               `json:"sworn,omitempty"`
	Dispatchable bool              `json:"dispatchable"`
	Home         *geo.Point        `json:"home,omitempty"`
	Standby      *StandbyMark      `json:"standby,omitempty" doc:"Where it was ordered to wait."`
	EtaAt        *time.Time        `json:"eta_at,omitempty"`
	Heard        *time.Time        `json:"heard,omitempty" doc:"Its last word: a step of its way, its duty, or an answer."`
	SilentAt     *time.Time        `json:"silent_at,omitempty" doc:"When it is to be asked if it says nothing until then; absent where nobody waits for its word."`
	Next         []cad.Step        `json:"next"`
}

// StackMark is one thing a unit has to do; the first is what it does now.
type StackMark struct {
	Assignment cad.AssignmentID `json:"assignment"`
	Incident   cad.IncidentID   `json:"incident"`
	Number     int64            `json:"number"`
	Stage      assignment.Stage `json:"stage"`
}

// StandbyMark is where a unit was ordered to wait.
type StandbyMark struct {
	Place geo.Point         `json:"place"`
	Post  string            `json:"post,omitempty"`
	Name  map[string]string `json:"name,omitempty" doc:"Of the post."`
	Since time.Time         `json:"since"`
	Why   *unit.Advice      `json:"why,omitempty" doc:"The proposal that was taken, with what it promised."`
}

// standbyMark is the order that a unit waits by; nil if it has none.
func standbyMark(o *org.State, s *unit.Standby) *StandbyMark {
	if s == nil {
		return nil
	}
	m := &StandbyMark{Place: s.Place, Post: s.Post, Since: s.Since, Why: s.Why}
	if p, ok := o.Post(s.Post); ok {
		m.Name = p.Name
	}
	return m
}

// Flags work in every state of a unit.
type Flags struct {
	Duress       *DuressMark `json:"duress,omitempty"`
	OutOfContact *time.Time  `json:"out_of_contact,omitempty" doc:"Since when nobody has heard from it."`
}

// DuressMark is an officer's call for help.
type DuressMark struct {
	ID    cad.DuressID `json:"id,omitempty" doc:"Under which its words are erased."`
	Since time.Time    `json:"since"`
	By    cad.ActorID  `json:"by"`
	Place *geo.Point   `json:"place,omitempty"`

	AckedBy cad.ActorID `json:"acked_by,omitempty" doc:"Who said what is done about it; absent until somebody has."`
	AckedAt *time.Time  `json:"acked_at,omitempty"`
}

func (b *Board) unitRow(c Class, s *unit.State) UnitRow {
	o := b.house.Org
	subject := unit.Subject(s.ID)
	row := UnitRow{
		ID: s.ID, Seq: b.house.Last(subject), CallSign: s.CallSign, Kind: s.Kind, KindName: o.Kinds[s.Kind].Name,
		Station: s.Station, StationName: orgName(o, s.Station), State: string(s.Duty), Reason: s.Reason, Since: s.Since,
		Stack: []StackMark{}, Flags: Flags{OutOfContact: moment(s.OutOfContact)}, Capabilities: s.Capabilities,
		Officers: s.Officers, Sworn: s.Sworn, Dispatchable: s.Dispatchable, Home: s.Home,
		Standby: standbyMark(o, s.Standby),
	}
	if beat, ok := o.Beat(s.Beat); ok {
		row.Beat, row.BeatName = s.Beat, beat.Name
	}
	if d := s.Duress; d != nil {
		row.Flags.Duress = &DuressMark{ID: d.ID, Since: d.Since, By: d.By, Place: d.Place, AckedBy: d.AckedBy, AckedAt: moment(d.AckedAt)}
	}
	var first *assignment.State
	around := unit.Around{}
	var stages []cad.Step
	for i, a := range b.house.Stack(s.ID) {
		number := b.house.Incident(a.Incident).Number
		around.Assigned = append(around.Assigned, a.ID)
		row.Stack = append(row.Stack, StackMark{Assignment: a.ID, Incident: a.Incident, Number: number, Stage: a.Stage})
		if i > 0 {
			continue
		}
		row.State, row.Stage, row.StageSince = "assigned", a.Stage, moment(a.Since)
		row.Incident, row.IncidentNo = a.Incident, number
		first = a
		if a.RecommendedS > 0 && a.OnSceneAt.IsZero() {
			start := a.EnRouteAt
			if start.IsZero() {
				start = a.DispatchedAt
			}
			row.EtaAt = moment(start.Add(time.Duration(a.RecommendedS) * time.Second))
		}
		stages = b.next(c, "assignment", assignment.Subject(a.ID), assignment.NextAtDesk(*a))
		stages = append(stages, b.next(c, "assignment", subject, assignment.Next(*a, assignment.Around{}))...)
	}
	heard, ask := joint.Word(o, s, first)
	row.Heard, row.SilentAt = moment(heard), moment(ask)
	row.Next = append(stages, b.next(c, "unit", subject, unit.Next(*s, around))...)
	return row
}
