package board

import (
	"slices"
	"time"
	"unicode/utf8"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/report"
)

// Opening is the private part of a first report, as the edge seals it.
type Opening struct {
	Narrative string `json:"narrative,omitempty"`
	Address   string `json:"address,omitempty"`
	Raw       []byte `json:"raw,omitempty"` // The whole report as it came, if part of it could not be used.
}

// Words is the private part of a note, a reason or a feedback.
type Words struct {
	Text string `json:"text,omitempty"`
}

// Caller is the private part of a call.
type Caller struct {
	Name    string `json:"name,omitempty"`
	Number  string `json:"number,omitempty"`
	Address string `json:"address,omitempty"`
}

// Told is the private part of a call as the edge seals it: the caller, and beside it what is for no row.
type Told struct {
	Caller
	Raw []byte `json:"raw,omitempty"` // All that was told, as it came, if part of it could not be used.
}

// IncidentRow is one incident as the panels show it.
type IncidentRow struct {
	ID           cad.IncidentID     `json:"id"`
	Number       int64              `json:"number"`
	Seq          cad.Seq            `json:"seq" doc:"The last record about it: send it back as If-Seq."`
	World        cad.World          `json:"world"`
	Phase        incident.Phase     `json:"phase"`
	Stage        string             `json:"stage" doc:"How far its units are, computed from their assignments."`
	Queue        string             `json:"queue" doc:"scheduled, to_dispatch, to_sign, to_arrive, to_report, to_review, active or done."`
	Type         cad.TypeID         `json:"type,omitempty"`
	TypeName     map[string]string  `json:"type_name,omitempty"`
	TypeFeedback cad.TypeID         `json:"type_feedback,omitempty"`
	Tags         []cad.TagID        `json:"tags,omitempty"`
	Priority     cad.Priority       `json:"priority,omitempty"`
	Level        cad.Level          `json:"level,omitempty"`
	Duty         cad.DutyGrade      `json:"duty_grade,omitempty"`
	Patrol       cad.PatrolLevel    `json:"patrol_level,omitempty"`
	Place        *Place             `json:"place,omitempty"`
	Narrative    string             `json:"narrative,omitempty"`
	Caller       *Caller            `json:"caller,omitempty"`
	Masked       bool               `json:"masked,omitempty" doc:"Private parts exist that this session may not see."`
	Erased       bool               `json:"erased,omitempty" doc:"Its private parts were destroyed."`
	Shortened    bool               `json:"shortened,omitempty" doc:"Long words are cut here; the opened incident has them whole."`
	Aside        []incident.Aside   `json:"aside,omitempty"`
	Degraded     bool               `json:"degraded,omitempty" doc:"Parts of the first report could not be used, or its place or type is not known yet."`
	Calls        []CallMark         `json:"calls"`
	Responsible  *ResponsibleMark   `json:"responsible,omitempty"`
	Commander    incident.Commander `json:"commander"`
	Source       incident.Source    `json:"source"`
	Received     time.Time          `json:"received"`
	Happened     time.Time          `json:"happened"`
	ClassifiedAt *time.Time         `json:"classified_at,omitempty"`
	DispatchAt   *time.Time         `json:"first_dispatch_at,omitempty"`
	AckAt        *time.Time         `json:"first_ack_at,omitempty"`
	EnRouteAt    *time.Time         `json:"first_en_route_at,omitempty"`
	OnSceneAt    *time.Time         `json:"first_on_scene_at,omitempty"`
	ReportedAt   *time.Time         `json:"reported_at,omitempty"`
	ReviewedAt   *time.Time         `json:"reviewed_at,omitempty"`
	ClosedAt     *time.Time         `json:"closed_at,omitempty"`
	Assignments  []AssignmentMark   `json:"assignments"`
	Deadlines    []DeadlineMark     `json:"deadlines"`
	Late         bool               `json:"late"`
	Links        []LinkMark         `json:"links,omitempty"`
	Partners     []incident.Partner `json:"partners,omitempty"`
	Wave         int                `json:"wave" doc:"The wave of its response plan in force, from 1."`
	Urges        int                `json:"urges,omitempty"`
	Chased       []incident.Chased  `json:"chased,omitempty" doc:"Whom the centre pressed for what is owed, and how often."`
	Feedback     []incident.Report  `json:"feedback,omitempty"`
	Card         string             `json:"card,omitempty" doc:"The number of the paper card that it was entered from."`
	Drawings     []DrawingMark      `json:"drawings,omitempty" doc:"On the map for it; only the opened incident has them."`
	Files        []FileMark         `json:"files,omitempty" doc:"Of the opened incident; a list says only how many."`
	FileCount    int                `json:"file_count,omitempty" doc:"Files that were not withdrawn."`
	NeedsFinal   bool               `json:"needs_final"`
	Returned     bool               `json:"returned,omitempty"`
	Reopened     int                `json:"reopened,omitempty"`
	Alerts       []incident.Alert   `json:"alerts,omitempty" doc:"Why the duty commander must be told at once, and whether he has seen it. why is tag, level, or the answer that means the tag: answer.weapon.gun."`
	Report       *ReportMark        `json:"report,omitempty" doc:"The urgent report that is owed next, and how many were filed."`
	Answered     int                `json:"answered,omitempty" doc:"How many questions were answered."`
	Answers      []AnswerMark       `json:"answers,omitempty"`
	Scheduled    *time.Time         `json:"scheduled,omitempty" doc:"When somebody shall be there (by appointment)."`
	Seats        []SeatMark         `json:"seats,omitempty" doc:"What seats of the room were asked to do."`
	Next         []cad.Step         `json:"next"`
}

// Place is where it is, as far as is known.
type Place struct {
	Lon     *float64 `json:"lon,omitempty" doc:"Absent while only words say where it is."`
	Lat     *float64 `json:"lat,omitempty"`
	Address string   `json:"address,omitempty"`
	Street  string   `json:"street,omitempty"`
	Approx  bool     `json:"approx,omitempty"`
}

// ReportMark is how it stands with the urgent reports about an incident.
type ReportMark struct {
	Kind   report.Kind `json:"kind,omitempty" doc:"The report that is owed next: first, follow or final; absent if none is."`
	Due    *time.Time  `json:"due,omitempty"`
	Passed bool        `json:"passed,omitempty" doc:"It was not filed in time."`
	Filed  int         `json:"filed"`
	Last   *time.Time  `json:"last,omitempty"`
	Next   []cad.Step  `json:"next" doc:"Which of first, follow and final may be filed now."`
}

// CallMark is a call on an incident's row.
type CallMark struct {
	ID      cad.CallID `json:"id"`
	State   string     `json:"state"`
	Arrived time.Time  `json:"arrived"`
}

// ResponsibleMark is the responsible unit with its name.
type ResponsibleMark struct {
	ID     cad.OrgID         `json:"id"`
	Name   map[string]string `json:"name,omitempty"`
	By     string            `json:"by"`
	Border []OrgMark         `json:"border,omitempty"`
}

// OrgMark is a station with its name.
type OrgMark struct {
	ID   cad.OrgID         `json:"id"`
	Name map[string]string `json:"name,omitempty"`
}

// AssignmentMark is one unit on an incident's row.
type AssignmentMark struct {
	ID           cad.AssignmentID `json:"id"`
	Unit         cad.UnitID       `json:"unit"`
	CallSign     string           `json:"call_sign"`
	Stage        assignment.Stage `json:"stage"`
	Way          string           `json:"level"`
	Since        time.Time        `json:"since"`
	Station      cad.OrgID        `json:"station,omitempty" doc:"Whose desk the order goes through, with level two."`
	DeskSignedAt *time.Time       `json:"desk_signed_at,omitempty" doc:"When that desk signed."`
	SignedAt     *time.Time       `json:"acknowledged_at,omitempty" doc:"When the crew signed, which does not wait for the desk."`
	EtaAt        *time.Time       `json:"eta_at,omitempty" doc:"Expected arrival, while it is on its way."`
	Primary      bool             `json:"primary"`
	Redeployable bool             `json:"redeployable,omitempty"`
	Recalled     bool             `json:"recalled,omitempty"`

	Intervals []assignment.Stretch `json:"intervals,omitempty" doc:"Of the opened incident: how long each stretch took, against the limit in force on that day."`
}

// DeadlineMark is a deadline that is not met yet, or that passed.
type DeadlineMark struct {
	Kind   string     `json:"kind"`
	Unit   cad.UnitID `json:"unit,omitempty"`
	Seat   cad.SeatID `json:"seat,omitempty" doc:"With the kind seat: who must take it."`
	Due    *time.Time `json:"due,omitempty" doc:"Absent where it passed and was met since."`
	Passed bool       `json:"passed"`
}

// LinkMark is a link with the other's number.
type LinkMark struct {
	ID     cad.IncidentID `json:"id"`
	Number int64          `json:"number,omitempty"`
	Kind   string         `json:"kind"`
}

// seesPrivate asks policy whether this class reads names and words.
func (b *Board) seesPrivate(c Class, subject cad.Subject) bool {
	return b.may(c, "private.read", subject)
}

// wordsMax is how many runes of words a row in a list carries.
const wordsMax = 2_000

// shorten cuts the words of a row so that one report cannot fill every list and every screen's line.
func (r *IncidentRow) shorten() {
	r.Files = nil
	for i := range r.Assignments {
		r.Assignments[i].Intervals = nil
	}
	words := []*string{&r.Narrative}
	if r.Place != nil {
		words = append(words, &r.Place.Address)
	}
	if r.Caller != nil {
		words = append(words, &r.Caller.Name, &r.Caller.Number, &r.Caller.Address)
	}
	for _, w := range words {
		if s := short(*w); s != *w {
			*w, r.Shortened = s, true
		}
	}
}

// short is the beginning of long words.
func short(words string) string {
	if len(words) <= wordsMax || utf8.RuneCountInString(words) <= wordsMax {
		return words
	}
	return string([]rune(words)[:wordsMax])
}

func (b *Board) incidentRow(c Class, s *incident.State) (IncidentRow, bool) {
	subject := incident.Subject(s.ID)
	if !b.may(c, "incident.read", subject) {
		return IncidentRow{}, false
	}
	sent, o := b.house.SentTo(s.ID), b.house.Org
	row := IncidentRow{
		ID: s.ID, Number: s.Number, Seq: b.house.Last(subject), World: o.World, Phase: s.Phase,
		Type: s.Type, TypeName: o.Types[s.Type].Name, TypeFeedback: s.TypeFeedback, Tags: s.Tags, Priority: s.Priority, Level: s.Level,
		Duty: s.Duty, Patrol: s.Patrol, Place: placeOf(s.Place, s.Street, s.Approximate), Aside: s.Aside, Degraded: len(s.Aside) > 0 || s.Place == nil || s.Type == "",
		Calls: []CallMark{}, Commander: s.Commander, Source: s.Source, Received: s.Received, Happened: s.Happened,
		ClassifiedAt: moment(s.ClassifiedAt), DispatchAt: moment(s.WorkAt), ReportedAt: moment(s.ReportedAt), ReviewedAt: moment(s.ReviewedAt),
		ClosedAt: moment(s.EndedAt), Assignments: []AssignmentMark{}, Deadlines: []DeadlineMark{},
		Partners: s.Partners, Wave: s.InWave(), Urges: s.Urges, Chased: s.Chased, Feedback: s.Feedback, NeedsFinal: s.Open() && s.Final() == nil, Returned: s.Returned, Reopened: s.Reopened,
		Alerts: s.Alerts,
	}
	b.fillPrivate(c, s, &row)
	b.fillFiles(c, s, &row)
	row.Card = s.Card
	b.fillUnits(s, sent, &row)
	b.fillIntake(c, s, &row)
	for _, k := range b.house.CallsOf(s.ID) {
		row.Calls = append(row.Calls, CallMark{ID: k.ID, State: string(k.Phase), Arrived: k.Arrived})
	}
	if r := s.Responsible; r.Org != "" {
		row.Responsible = &ResponsibleMark{ID: r.Org, Name: orgName(o, r.Org), By: r.By}
		for _, id := range r.Border {
			row.Responsible.Border = append(row.Responsible.Border, OrgMark{ID: id, Name: orgName(o, id)})
		}
	}
	for _, l := range s.Links {
		number := l.Number
		if number == 0 { // Of an older version: known only while the other is in memory.
			number = b.house.Incident(l.Other).Number
		}
		row.Links = append(row.Links, LinkMark{ID: l.Other, Number: number, Kind: l.Kind})
	}
	row.Report = b.reportMark(c, s)
	row.Stage, row.Queue = stage(sent), queue(s, sent)
	around := incident.Around{Committed: b.house.Committed(s.ID), Approves: b.may(c, incident.ApproveTransfer, subject), Waves: b.house.Waves(s.ID)}
	row.Next = b.next(c, "incident", subject, incident.Next(*s, around))
	return row, true
}

// fillPrivate opens what this class may read. A part that cannot be opened is shown as missing, never as an error:
// a row must come up.
func (b *Board) fillPrivate(c Class, s *incident.State, row *IncidentRow) {
	calls := b.house.CallsOf(s.ID)
	if !b.seesPrivate(c, incident.Subject(s.ID)) {
		row.Masked = !s.Opening.IsZero() || len(calls) > 0
		return
	}
	var first Opening
	kept, err := b.unseal(s.Opening, &first)
	row.Erased = !kept && err == nil
	row.Masked = err != nil
	row.Narrative = first.Narrative
	address := first.Address
	var better Opening
	if ok, err := b.unseal(s.Address, &better); ok && err == nil && better.Address != "" {
		address = better.Address
	}
	if address != "" {
		if row.Place == nil {
			row.Place = &Place{Approx: true}
		}
		row.Place.Address = address
	}
	for _, k := range calls {
		var who Caller
		if ok, err := b.unseal(k.Caller, &who); ok && err == nil && who != (Caller{}) {
			row.Caller = &who
			break
		}
	}
}

func (b *Board) fillUnits(s *incident.State, sent []*assignment.State, row *IncidentRow) {
	for _, a := range sent {
		mark := AssignmentMark{
			ID: a.ID, Unit: a.Unit, CallSign: b.house.Unit(a.Unit).CallSign, Stage: a.Stage, Way: string(a.Way), Since: a.Since,
			Station: a.Station, DeskSignedAt: moment(a.DeskSignedAt), SignedAt: moment(a.AcknowledgedAt),
			Primary: a.Primary, Redeployable: a.Redeployable, Recalled: a.Recalled,
			Intervals: assignment.Intervals(*a),
		}
		if start := a.EnRouteAt; a.RecommendedS > 0 && a.OnSceneAt.IsZero() && a.Open() {
			if start.IsZero() {
				start = a.DispatchedAt
			}
			mark.EtaAt = moment(start.Add(time.Duration(a.RecommendedS) * time.Second))
		}
		row.Assignments = append(row.Assignments, mark)
		row.AckAt, row.EnRouteAt = earliest(row.AckAt, a.AcknowledgedAt), earliest(row.EnRouteAt, a.EnRouteAt)
		row.OnSceneAt = earliest(row.OnSceneAt, a.OnSceneAt)
		for _, d := range assignment.Due(*a) {
			row.Deadlines = append(row.Deadlines, DeadlineMark{Kind: d.Kind, Unit: a.Unit, Due: moment(d.Due)})
		}
		missed := assignment.Missed(*a)
		for _, kind := range a.Passed {
			row.Deadlines = append(row.Deadlines, DeadlineMark{Kind: kind, Unit: a.Unit, Due: dueOf(missed, kind), Passed: true})
			row.Late = row.Late || s.Open() && a.Open()
		}
	}
	for _, d := range incident.Due(*s) {
		row.Deadlines = append(row.Deadlines, deadlineOf(d.Kind, d.Due, false))
	}
	missed := incident.Missed(*s)
	for _, kind := range s.Passed {
		mark := deadlineOf(kind, time.Time{}, true)
		mark.Due = dueOf(missed, kind)
		row.Deadlines = append(row.Deadlines, mark)
		row.Late = row.Late || s.Open()
	}
}

// dueOf is when something was due that is owed still; nil if it was done meanwhile.
func dueOf(missed []cad.Deadline, kind string) *time.Time {
	for _, d := range missed {
		if d.Kind == kind {
			return moment(d.Due)
		}
	}
	return nil
}

// stages in the order in which the furthest unit counts.
func stage(sent []*assignment.State) string {
	if len(sent) == 0 {
		return "waiting"
	}
	order := []assignment.Stage{
		assignment.OnScene, assignment.Transporting, assignment.AtFacility, assignment.Staged,
		assignment.EnRoute, assignment.Acknowledged, assignment.Dispatched,
	}
	for _, st := range order {
		if slices.ContainsFunc(sent, func(a *assignment.State) bool { return a.Stage == st }) {
			return string(st)
		}
	}
	return string(assignment.Cleared)
}

// queue is the tab that an incident waits in: what is owed next.
func queue(s *incident.State, sent []*assignment.State) string {
	switch {
	case !s.Open():
		return "done"
	case s.Waits():
		return "scheduled"
	case s.Phase == incident.ReportedBack || s.Phase == incident.Reviewed:
		return "to_review"
	case !assignmentsOpen(sent) && s.WorkAt.IsZero(), len(sent) == 0 && len(s.Feedback) == 0:
		return "to_dispatch" // Also when it was in work only by units that a split has taken away again.
	case !assignmentsOpen(sent):
		return "to_report"
	}
	switch stage(sent) {
	case string(assignment.Dispatched):
		return "to_sign"
	case string(assignment.Acknowledged), string(assignment.EnRoute), string(assignment.Staged):
		return "to_arrive"
	}
	return "active"
}

func placeOf(p *geo.Point, street string, approx bool) *Place {
	if p == nil {
		return nil
	}
	return &Place{Lon: new(p.Lon), Lat: new(p.Lat), Street: street, Approx: approx}
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func earliest(have *time.Time, t time.Time) *time.Time {
	if t.IsZero() || have != nil && !t.Before(*have) {
		return have
	}
	return &t
}
