// Package incident is the life of an incident (警情) from the first word of it to its close. It is pure: no clock,
// disk, network, chance or log, and it knows no other room; what it must know of them arrives as Around.
package incident

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// Command is a wish about one incident. Decide turns it into facts, or says why it cannot.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now       time.Time    // The world's clock, UTC.
	Actor     cad.ActorID  // Who wishes it.
	Committed []cad.UnitID // Units whose assignment to this incident has not ended, in order of dispatch.
	Approves  bool         // He may approve that a P1 leaves our hands.
	Waves     []int        // The waves of its response plan that ask for anything, ascending.
}

// Fact is something that happened to one incident.
type Fact interface {
	cad.Fact
	Of() cad.IncidentID
	apply(s *State, st cad.Stamp)
}

// State is one incident, folded from its facts. The zero value is an incident that nobody has reported.
// It is never changed in place: boards and the writer hold the same value.
type State struct {
	ID           cad.IncidentID  `json:"id"`
	Number       int64           `json:"number"` // The centre's own count, from 1: what people say on the radio.
	Phase        Phase           `json:"phase"`
	Source       Source          `json:"source,omitempty"`
	Type         cad.TypeID      `json:"type,omitempty"`          // 接警类别, by the call-taker.
	TypeFeedback cad.TypeID      `json:"type_feedback,omitempty"` // 反馈类别, by the station; empty until reported.
	Tags         []cad.TagID     `json:"tags,omitempty"`
	Priority     cad.Priority    `json:"priority,omitempty"`
	Level        cad.Level       `json:"level,omitempty"`        // Scale of the event.
	Duty         cad.DutyGrade   `json:"duty_grade,omitempty"`   // Duty grade in force for it.
	Patrol       cad.PatrolLevel `json:"patrol_level,omitempty"` // Patrol level ordered around it.

	Place       *geo.Point  `json:"place,omitempty"` // nil while nobody knows where.
	Street      string      `json:"street,omitempty"`
	Approximate bool        `json:"approximate,omitempty"`
	Responsible Responsible `json:"responsible,omitzero"`
	Commander   Commander   `json:"commander,omitzero"` // Answers for it now; never empty once opened.

	Opening cad.Sealed `json:"opening,omitzero"` // Narrative, address and parts that could not be used, as first told.
	Address cad.Sealed `json:"address,omitzero"` // The address as last corrected; zero if it never was.
	Aside   []Aside    `json:"aside,omitempty"`  // What the first report said that could not be used.

	Links    []Link    `json:"links,omitempty"`
	Partners []Partner `json:"partners,omitempty"`
	Wave     int       `json:"wave,omitempty"`  // The wave of its response plan in force; 0 is the first.
	Urges    int       `json:"urges,omitempty"` // How often a caller pressed again (催警).
	Feedback []Report  `json:"feedback,omitempty"`
	Card     string    `json:"card,omitempty"`     // The number of the paper card that it was entered from.
	Files    []File    `json:"files,omitempty"`    // In order of coming; withdrawn ones too.
	Drawings []Drawing `json:"drawings,omitempty"` // On the map, for this incident, in the order in which they were begun.
	Chased   []Chased  `json:"chased,omitempty"`   // Whom the centre pressed for what is owed (催办).

	Answers   []Answered `json:"answers,omitempty"`  // To the questions of its type, each question once.
	Seats     []SeatTask `json:"seats,omitempty"`    // What seats of the room were asked to do.
	Scheduled time.Time  `json:"scheduled,omitzero"` // When somebody shall be there (预约处警); zero: as soon as possible.
	LeadS     int64      `json:"lead_s,omitempty"`   // Seconds before it at which it comes into the queue.
	Surfaced  bool       `json:"surfaced,omitempty"` // It came into the queue.

	Limits   []Limit        `json:"limits,omitempty"` // What must happen by when, as values of the day it was graded.
	Passed   []string       `json:"passed,omitempty"` // Kinds of limits that passed and were recorded.
	MergedTo cad.IncidentID `json:"merged_to,omitempty"`
	Gave     *Given         `json:"gave,omitempty"`     // What went along with the merge; nil if not merged, or by a version that did not write it down.
	Before   Phase          `json:"before,omitempty"`   // The phase to go back to after a split.
	Returned bool           `json:"returned,omitempty"` // Sent back for correction and not reported again yet.
	Reopened int            `json:"reopened,omitempty"` // How often it was opened again.

	Alerts []Alert `json:"alerts,omitempty"` // In the order in which they were raised.

	Disposition string `json:"disposition,omitempty"` // A code of the list of results; empty until closed.

	Received     time.Time `json:"received"`               // First word of it, recorded.
	Happened     time.Time `json:"happened"`               // First word of it, as told.
	ClassifiedAt time.Time `json:"classified_at,omitzero"` // First grading.
	WorkAt       time.Time `json:"work_at,omitzero"`       // First unit sent.
	ReportedAt   time.Time `json:"reported_at,omitzero"`   // Final feedback.
	ReviewedAt   time.Time `json:"reviewed_at,omitzero"`
	EndedAt      time.Time `json:"ended_at,omitzero"`     // Closed, merged, transferred or invalid; zero while open.
	Restarted    time.Time `json:"restarted_at,omitzero"` // Last put back to work; what is owed since then counts from it.
	Changed      cad.Seq   `json:"changed"`               // The last fact that was folded.
}

// Source is how the first word came in.
type Source string

// The sources.
const (
	Phone   Source = "phone"
	WalkIn  Source = "walk_in"
	App     Source = "app"
	Replay  Source = "replay"
	Patrol  Source = "patrol" // Found by a unit in the street.
	Sensor  Source = "sensor"
	Station Source = "station" // 自接警
)

// Responsible is the unit in whose area it lies (管辖单位).
type Responsible struct {
	Org    cad.OrgID   `json:"org,omitempty"`
	By     string      `json:"by,omitempty"`     // "polygon", "nearest" or "ruling".
	Border []cad.OrgID `json:"border,omitempty"` // Neighbours near enough to doubt (接合部).
}

// Commander is the one person who answers for the incident (指挥人员负责制).
type Commander struct {
	Actor cad.ActorID `json:"actor,omitempty"`
	Since time.Time   `json:"since,omitzero"`
}

// Aside is a part of a first report that could not be used.
type Aside = cad.Aside

// Link joins two incidents without merging them, or remembers a merge.
type Link struct {
	Other  cad.IncidentID `json:"other"`
	Number int64          `json:"number,omitempty"` // The other's, because it may leave memory first; 0 if the fact was written by a version that did not say it.
	Kind   string         `json:"kind"`             // "linked", "merged_in", "merged_into", "split_from".
}

// Given are the calls and assignments that an incident gave to the one that it lives on in: a split takes back these.
type Given struct {
	Calls       []cad.CallID       `json:"calls,omitempty"`
	Assignments []cad.AssignmentID `json:"assignments,omitempty"`
}

// Partner is another service that takes over or acts together with us.
type Partner struct {
	ID       cad.PartnerID `json:"id"`
	Mode     string        `json:"mode"` // "with": we stay; "transfer": they take over.
	Since    time.Time     `json:"since"`
	FollowUp time.Time     `json:"follow_up,omitzero"` // When we last asked how it went.
}

// Report is one feedback of the station or crew (反馈). The words of it stay in the journal.
type Report struct {
	Kind   ReportKind  `json:"kind"`
	Result string      `json:"result,omitempty"`
	By     cad.ActorID `json:"by"`
	At     time.Time   `json:"at"`
}

// Limit is a time within which something must happen, copied from configuration when the incident was graded.
type Limit struct {
	Kind    string `json:"kind"`     // "dispatch", "sign", "depart", "arrive", "feedback", "review".
	From    string `json:"from"`     // The milestone it starts at: "received", "dispatched", "acknowledged", "reported".
	WithinS int64  `json:"within_s"` // Seconds.
}

// Open reports whether people still owe this incident something.
func (s State) Open() bool { return s.Phase != "" && s.Phase != Closed && s.EndedAt.IsZero() }

// Evolve folds one fact into the state. The old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	// Whoever still holds the old value must not see it change.
	s.Tags, s.Links, s.Partners = slices.Clone(s.Tags), slices.Clone(s.Links), slices.Clone(s.Partners)
	s.Feedback, s.Passed, s.Drawings = slices.Clone(s.Feedback), slices.Clone(s.Passed), slices.Clone(s.Drawings)
	s.Feedback, s.Passed, s.Alerts = slices.Clone(s.Feedback), slices.Clone(s.Passed), slices.Clone(s.Alerts)
	s.Seats = slices.Clone(s.Seats)
	s.Feedback, s.Passed, s.Chased = slices.Clone(s.Feedback), slices.Clone(s.Passed), slices.Clone(s.Chased)
	f.apply(&s, st)
	s.Changed = st.Seq
	return s
}

// Due lists the deadlines that this incident still has to meet. Those of its units belong to their assignments.
func Due(s State) []cad.Deadline { return s.owed(false) }

// Missed lists those that passed and were recorded, and that are owed still.
func Missed(s State) []cad.Deadline { return s.owed(true) }

func (s State) owed(passed bool) []cad.Deadline {
	if !s.Open() {
		return nil
	}
	var out []cad.Deadline
	if !passed {
		out = s.dueSeats()
	}
	if s.Waits() { // Nothing else is owed before its time.
		if passed {
			return nil
		}
		return append(out, cad.Deadline{Subject: Subject(s.ID), Kind: kindLead, Due: s.surfaces()})
	}
	for _, l := range s.Limits {
		from, done := s.span(l)
		if from.IsZero() || done || slices.Contains(s.Passed, l.Kind) != passed {
			continue
		}
		out = append(out, cad.Deadline{Subject: Subject(s.ID), Kind: l.Kind, Due: from.Add(time.Duration(l.WithinS) * time.Second)})
	}
	return out
}

// span gives the moment a limit starts at, zero if it has not come yet, and whether it has been met.
func (s State) span(l Limit) (from time.Time, met bool) {
	switch l.From {
	case "received":
		from = s.Received
	case "dispatched":
		from = s.WorkAt
	case "reported":
		from = s.ReportedAt
	}
	if !from.IsZero() && s.Restarted.After(from) {
		from = s.Restarted
	}
	if l.From == "received" && s.surfaces().After(from) { // An appointment waits for its time.
		from = s.surfaces()
	}
	switch l.Kind {
	case "dispatch":
		return from, !s.WorkAt.IsZero() || s.Final() != nil // Some are settled without sending anybody.
	case "feedback":
		return from, !s.ReportedAt.IsZero()
	case "review":
		return from, !s.ReviewedAt.IsZero()
	}
	return time.Time{}, true // Limits of the way there are the assignment's.
}

// Subject is the journal's name of an incident.
func Subject(id cad.IncidentID) cad.Subject { return cad.SubjectOf("incident", id) }
