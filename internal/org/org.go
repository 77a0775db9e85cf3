// Package org is what a centre is made of: its world, its departments and stations with their areas, its types,
// priorities, limits and kinds of units. All of it came in as facts, as values, so that a decision never reads a
// file and a replay needs none. It is pure and knows no other room.
package org

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// Name is a name by language: "zh", "en". At least one is there.
type Name = map[string]string

// Limit is a time within which something must happen. It has the same JSON as an incident's.
type Limit struct {
	Kind    string `json:"kind"`     // "dispatch", "sign", "depart", "arrive", "feedback", "review".
	From    string `json:"from"`     // "received", "dispatched", "acknowledged", "reported".
	WithinS int64  `json:"within_s"` // Seconds, above 0.
}

// Need is one line of a wave: how many units of what.
type Need struct {
	Slot       string   `json:"slot"`                 // "near" 近, "own" 属, "any", or the id of a kind of unit.
	Capability string   `json:"capability,omitempty"` // What each of them must be able to do; empty asks nothing.
	Kind       []string `json:"kind,omitempty"`       // Only units of these kinds; empty means all.
	Count      int      `json:"count"`                // Units, at least 1.
	Officers   int      `json:"officers,omitempty"`   // People that each of them must have; 0 asks nothing.
	Sworn      int      `json:"sworn,omitempty"`      // Sworn officers among them; 0 asks nothing.
	Crew       bool     `json:"crew,omitempty"`       // Each of them is at least what the centre calls a crew (警组).
	Hold       bool     `json:"hold,omitempty"`       // They stay back until they are called forward (后备,不前置).
	Or         []Need   `json:"or,omitempty"`         // What serves as well where this cannot be had, best first; none has an Or of its own.
	Card       string   `json:"card,omitempty"`       // In a response: the plan that asks; empty for the type itself.

	field string // While a charter is checked: where the line stands.
}

// Type is one category of incidents.
type Type struct {
	ID       cad.TypeID      `json:"id"`
	Name     Name            `json:"name"`
	Category string          `json:"category,omitempty"`
	Priority cad.Priority    `json:"priority,omitempty"` // The default; a person may choose another.
	Level    cad.Level       `json:"level,omitempty"`
	Tags     []cad.TagID     `json:"tags,omitempty"`
	Keywords []string        `json:"keywords,omitempty"`
	Need     []Need          `json:"need,omitempty"`     // First wave: proposed at once.
	Second   []Need          `json:"second,omitempty"`   // Second wave: proposed when somebody asks for more.
	Seats    []string        `json:"seats,omitempty"`    // Seats that must know of it.
	Notify   []string        `json:"notify,omitempty"`   // Roles and reports that it calls for, as codes.
	Partners []cad.PartnerID `json:"partners,omitempty"` // Whom to tell.
	Limits   []Limit         `json:"limits,omitempty"`   // Take the place of the priority's, kind by kind.

	Synonyms  map[string][]string `json:"synonyms,omitempty"`  // By language: what else it is called.
	Words     map[string][]string `json:"words,omitempty"`     // By language: what somebody says of whom it is suggested.
	Questions []Question          `json:"questions,omitempty"` // What the call-taker asks, in order.
	Seat      string              `json:"seat,omitempty"`      // It goes first to this seat, before any car.
	Script    Name                `json:"script,omitempty"`    // What the caller is told while he waits.
}

// Tag marks incidents beside their type.
type Tag struct {
	ID   cad.TagID `json:"id"`
	Name Name      `json:"name"`
	Ack  bool      `json:"ack,omitempty"` // The duty commander must acknowledge it at once.
}

// Grade is one priority with its limits.
type Grade struct {
	ID     cad.Priority `json:"id"`
	Name   Name         `json:"name"`
	Limits []Limit      `json:"limits,omitempty"`
}

// Org is a department, brigade or station.
type Org struct {
	ID     cad.OrgID        `json:"id"`
	Kind   string           `json:"kind"` // "centre", "department", "brigade", "station".
	Name   Name             `json:"name"`
	Parent cad.OrgID        `json:"parent,omitempty"`
	Place  *geo.Point       `json:"place,omitempty"`    // Its house; nil if it has none.
	Area   geo.MultiPolygon `json:"area,omitempty"`     // 管辖; stations only.
	Border cad.Meters       `json:"border_m,omitempty"` // Takes the place of the centre's BorderWithinM; 0 leaves it.
}

// Kind is a kind of units.
type Kind struct {
	ID           string   `json:"id"`
	Name         Name     `json:"name"`
	Capabilities []string `json:"capabilities,omitempty"` // Given to each unit of the kind.
	Patrol       bool     `json:"patrol,omitempty"`       // Counts as 近: nearest patrol.
	OwnStation   bool     `json:"own_station,omitempty"`  // Counts as 属: a crew of the responsible station.
	Kmh          float64  `json:"kmh,omitempty"`          // Its own speed, which it does not exceed however fast the street is; 0: it drives as a car.
	Straight     bool     `json:"straight,omitempty"`     // It does not use streets (boats, drones): straight lines at Kmh.
}

// Item is a word of a list that forms offer: a result, a reason, a partner, a seat, a capability.
type Item struct {
	ID   string `json:"id"`
	Name Name   `json:"name"`
	Mode string `json:"mode,omitempty"` // Partners: "with", "transfer" or "both".
}

// UnitSpec is what a folder says of a unit. It has the same shape as the unit room's own.
type UnitSpec struct {
	ID           cad.UnitID `json:"id"`
	CallSign     string     `json:"call_sign"`
	Kind         string     `json:"kind"`
	Station      cad.OrgID  `json:"station,omitempty"`
	Beat         string     `json:"beat,omitempty"`         // The community beat of the station that it patrols; empty if none.
	Capabilities []string   `json:"capabilities,omitempty"` // Beside those of its kind.
	Officers     int        `json:"officers,omitempty"`
	Sworn        int        `json:"sworn,omitempty"`
	Dispatchable bool       `json:"dispatchable"`
	Home         *geo.Point `json:"home,omitempty"`
}

// Settings are the centre's own figures and short lists.
type Settings struct {
	Version         string        `json:"version,omitempty"` // The folder's own, for people.
	Hash            string        `json:"hash,omitempty"`    // Of the folder's bytes, for proof.
	Name            Name          `json:"name"`
	Superior        Name          `json:"superior,omitempty"`
	BorderWithinM   cad.Meters    `json:"border_within_m"`        // Neighbours nearer than this are named (接合部).
	ForgetAfterDays int           `json:"forget_after_days"`      // Ended lives leave memory after this; 0 never.
	AnswerWithinS   int64         `json:"answer_within_s"`        // Ringing calls; 0 means no limit.
	TakeGraceS      int64         `json:"take_grace_s,omitempty"` // How long a seat may say keep when another asks for its call; 0 means 10 s.
	SilenceS        int64         `json:"silence_s,omitempty"`    // A crew at work that says nothing for so many seconds is asked; 0 means SilenceUsualS.
	SceneS          int64         `json:"scene_s,omitempty"`      // How long a crew is usually on a scene, in seconds; 0 means SceneUsualS.
	Zone            string        `json:"zone"`                   // IANA time zone of the glass.
	Bounds          [4]float64    `json:"bounds"`                 // West, south, east, north, degrees.
	Zoom            float64       `json:"zoom"`
	Credit          string        `json:"credit,omitempty"` // Must be named with the map: whose records the centre is made of.
	Results         []Item        `json:"results,omitempty"`
	Reasons         []Item        `json:"reasons,omitempty"` // Why a unit may be unavailable.
	Partners        []Item        `json:"partners,omitempty"`
	Seats           []Item        `json:"seats,omitempty"`
	Capabilities    []Item        `json:"capabilities,omitempty"`
	CommanderSeat   cad.SeatID    `json:"commander_seat,omitempty"` // The duty commander's; empty if the centre names none.
	Population      int           `json:"population,omitempty"`     // People of the district, about.
	Neighbours      []Item        `json:"neighbours,omitempty"`     // Districts beside ours.
	RadioGroups     []Item        `json:"radio_groups,omitempty"`
	Premises        []Premise     `json:"premises,omitempty"`     // Key premises (要害部位).
	Watches         []Item        `json:"watches,omitempty"`      // In the order in which they take turns.
	WatchChange     []string      `json:"watch_change,omitempty"` // Local times of day at which watches change, "08:00", ascending.
	Beats           []Beat        `json:"beats,omitempty"`
	Posts           []Post        `json:"posts,omitempty"`
	AlertLevels     []cad.Level   `json:"alert_levels,omitempty"` // Events of these must be acknowledged by the duty commander.
	OrderClocks     []OrderClock  `json:"order_clocks,omitempty"`
	ReportClocks    []ReportClock `json:"report_clocks,omitempty"`
	Crew            *Crew         `json:"crew,omitempty"`             // What counts as a crew; nil if the centre does not say.
	Greeting        Name          `json:"greeting,omitempty"`         // How a call is answered.
	SeatWithinS     int64         `json:"seat_within_s,omitempty"`    // Seconds within which a seat that is asked takes it; 0 means no limit.
	LeadS           int64         `json:"scheduled_lead_s,omitempty"` // Seconds before an appointment at which its incident comes into the queue.

	Macros []Macro `json:"macros,omitempty"` // Words of the command line that stand for several lines.
}

// OrderClock is within what time which step is taken about orders of one urgency. Zero means never.
type OrderClock struct {
	Urgency    string `json:"urgency"`               // "routine", "urgent" or "flash".
	SignS      int64  `json:"sign_s,omitempty"`      // From issue until every recipient has signed, seconds.
	RemindS    int64  `json:"remind_s,omitempty"`    // The reminder, before it is due, seconds.
	SuperviseS int64  `json:"supervise_s,omitempty"` // Supervision, after it was due, seconds.
	RaiseS     int64  `json:"raise_s,omitempty"`     // Raised to the chief, after it was due, seconds.
}

// ReportClock is within what time an event of one level is reported to the superior centre. Zero means that no such report
// is owed.
type ReportClock struct {
	Level   cad.Level `json:"level"`              // "I" to "IV".
	FirstS  int64     `json:"first_s"`            // From the first word of the incident until the first report, seconds.
	FollowS int64     `json:"follow_s,omitempty"` // From each report until the next one while it is open, seconds.
	FinalS  int64     `json:"final_s,omitempty"`  // From the end of the incident until the final report, seconds.
}

// What a centre reckons with that does not say otherwise. Both are our judgement: a quarter of an hour is long for a crew on
// a scene to say nothing, and half an hour about what an ordinary call keeps it there.
const (
	SilenceUsualS = 900
	SceneUsualS   = 1800
)

// Silence is how long a crew at work may say nothing before it is asked, seconds.
func (s Settings) Silence() int64 { return cmp.Or(s.SilenceS, SilenceUsualS) }

// Scene is how long a crew is usually on a scene, seconds.
func (s Settings) Scene() int64 { return cmp.Or(s.SceneS, SceneUsualS) }

// Crew is the least combat unit that may be sent alone (警组).
type Crew struct {
	Officers   int            `json:"officers"`             // People in it, at least.
	Sworn      int            `json:"sworn"`                // Sworn officers among them, at least.
	Priorities []cad.Priority `json:"priorities,omitempty"` // With these, every need for a patrol, a crew of the station or anybody asks for a crew.
}

// Beat is a community beat of a station (警务区).
type Beat struct {
	ID      string    `json:"id"`
	Name    Name      `json:"name"`
	Station cad.OrgID `json:"station"`
}

// Post is a place at which units wait (快反点).
type Post struct {
	ID    string    `json:"id"`
	Name  Name      `json:"name"`
	Place geo.Point `json:"place"`
}

// Post is one of the centre's posts; false if it has none of that id.
func (s Settings) Post(id string) (Post, bool) {
	i := slices.IndexFunc(s.Posts, func(p Post) bool { return p.ID == id })
	if i < 0 {
		return Post{}, false
	}
	return s.Posts[i], true
}

// Beat is one of the centre's beats; false if it has none of that id.
func (s Settings) Beat(id string) (Beat, bool) {
	i := slices.IndexFunc(s.Beats, func(b Beat) bool { return b.ID == id })
	if i < 0 {
		return Beat{}, false
	}
	return s.Beats[i], true
}

// DutyCommander is whoever sits in the duty commander's seat, as the one who answers for an incident: "seat-21". Empty if
// the centre names no such seat.
func (s Settings) DutyCommander() cad.ActorID {
	if s.CommanderSeat == "" {
		return ""
	}
	return AtSeat(s.CommanderSeat)
}

// seated begins the name of whoever sits in a seat.
const seated = "seat-"

// AtSeat is whoever sits in a seat, as the one who answers for an incident: "seat-21". A journal keeps only this form.
func AtSeat(id cad.SeatID) cad.ActorID { return cad.ActorID(seated + id) }

// Seat is whoever sits in a seat of the centre's list, named by the seat ("21") or in the form of AtSeat. False for
// anybody else.
func (s Settings) Seat(named cad.ActorID) (cad.ActorID, bool) {
	id := strings.TrimPrefix(string(named), seated)
	ok := slices.ContainsFunc(s.Seats, func(i Item) bool { return i.ID == id })
	return AtSeat(cad.SeatID(id)), ok
}

// State is the centre as its facts made it. The zero value is a journal in which nothing stands yet. Its parts are
// replaced whole and never changed in place.
type State struct {
	World     cad.World              `json:"world"`
	Centre    cad.CentreID           `json:"centre"`
	Types     map[cad.TypeID]Type    `json:"types,omitempty"`
	TypeOrder []cad.TypeID           `json:"type_order,omitempty"` // As the folder lists them.
	Tags      map[cad.TagID]Tag      `json:"tags,omitempty"`
	Grades    map[cad.Priority]Grade `json:"grades,omitempty"`
	Orgs      map[cad.OrgID]Org      `json:"orgs,omitempty"`
	Kinds     map[string]Kind        `json:"kinds,omitempty"`
	Plans     []Card                 `json:"plans,omitempty"` // As the folder lists them.
	Cover     []CoverClass           `json:"cover,omitempty"` // As the folder lists them.
	Settings
	Changed cad.Seq `json:"changed"` // The last fact that was folded.
}

// Command is a wish about the centre. Decide turns it into facts, or says why it cannot.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now   time.Time   // The world's clock, UTC.
	Actor cad.ActorID // Who wishes it.
}

// Fact is something that happened to the centre.
type Fact interface {
	cad.Fact
	apply(s *State)
}

// Evolve folds one fact. Parts are replaced whole, so the old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	f.apply(&s)
	s.Changed = st.Seq
	return s
}

// Subject is the journal's name of a centre.
func Subject(id cad.CentreID) cad.Subject { return cad.SubjectOf("org", id) }

// Facts is the room's table of facts, for the codec.
func Facts() []cad.FactKind {
	return []cad.FactKind{
		cad.Kind[WorldOpened](), cad.Kind[TypesSet](), cad.Kind[OrgsSet](), cad.Kind[KindsSet](), cad.Kind[SettingsSet](), cad.Kind[PlansSet](), cad.Kind[CoverSet](),
	}
}
