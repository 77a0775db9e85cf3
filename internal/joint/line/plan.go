package line

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/order"
)

// Status says what a line came to.
type Status string

// The outcomes of reading a line.
const (
	Ready      Status = "preview"    // One meaning: Plan may be executed.
	Ambiguous  Status = "ambiguous"  // Several: choose one by its digit.
	Wrong      Status = "wrong"      // None: Code and Text say why, Remedy what to do.
	Incomplete Status = "incomplete" // Not finished yet.
)

// The verbs of a plan.
const (
	Send     = "send"
	Reassign = "reassign"
	Recall   = "recall"
	Say      = "status"
	Note     = "note"
	Priority = "classify"
	Level    = "level"
	Type     = "type"
	Tag      = "tag"
	Untag    = "untag"
	Close    = "close"
	Review   = "review"
	Return   = "return"
	Reopen   = "reopen"
	Invalid  = "invalid"
	Feedback = "feedback"
	HandOver = "handover"
	Open     = "open" // Shows an incident or a unit; changes nothing.
	Near     = "near" // Shows who is nearest; changes nothing.
	Duress   = "duress"
	Safe     = "clear_duress"
	Lost     = "lost_contact"
	Found    = "regained_contact"
	Backup   = "backup"
	Merge    = "merge"
	Split    = "split"
	Link     = "link"
	Unlink   = "unlink"
	Chase    = "chase" // We press whoever owes something (催办).
	Urge     = "urge"  // The caller presses again (催警).
	Order    = "order"
	Signed   = "order_sign"   // A recipient has taken an order.
	Answered = "order_report" // A recipient says what he has done.
	Cleared  = "order_clear"  // What was reported is in order: the order is off the list.
	Orders   = "orders"       // Lists the open orders; changes nothing.
	AskSeat  = "ask_seat"
	TakeSeat = "seat_takes"
	EndSeat  = "seat_done"
	Schedule = "schedule"
	New      = "new"
	With     = "with"
	FollowUp = "follow_up"
	Transfer = "transfer"
	Wave     = "raise_wave"
	Standby  = "standby"
	CallOff  = "end_standby"
	Locate   = "locate"
	Undo     = "undo" // Takes back this seat's last line.
	Help     = "help" // Shows the grammar; changes nothing.
	Several  = "several"
)

// Plan is what a line would do.
type Plan struct {
	Verb     string         `json:"verb"`
	Units    []cad.UnitID   `json:"units,omitempty"`
	Incident cad.IncidentID `json:"incident,omitempty"`
	Number   int64          `json:"number,omitempty"`
	Other    cad.IncidentID `json:"other,omitempty"` // Merge, link: the second one.
	OtherNo  int64          `json:"other_number,omitempty"`
	To       string         `json:"to,omitempty"`    // Say: the stage or state. Classify: the priority. With, transfer: the partner. Standby: the post. Hand-over: the seat. Help: the verb. Feedback: its kind.
	Text     string         `json:"text,omitempty"`  // Free words.
	Best     int            `json:"best,omitempty"`  // Send: this many recommended units; -1 as many as recommended.
	Stack    bool           `json:"stack,omitempty"` // Send: busy units take it on afterwards.
	Way      string         `json:"way,omitempty"`   // Send: "two" goes through the station desk.
	Station  cad.OrgID      `json:"station,omitempty"`
	Stations []cad.OrgID    `json:"stations,omitempty"` // Order: whom.
	Seats    []cad.SeatID   `json:"seats,omitempty"`    // Order: whom.
	All      bool           `json:"all,omitempty"`      // Order: every unit on duty.
	Urgency  string         `json:"urgency,omitempty"`  // Order.
	Order    cad.OrderID    `json:"order,omitempty"`    // What became of an order: which.
	OrderNo  int64          `json:"order_number,omitempty"`
	By       *order.To      `json:"by,omitempty"`    // What became of an order: whose word it is.
	Due      *time.Time     `json:"due,omitempty"`   // Order: by when. Schedule: when somebody shall be there.
	Owed     []Owing        `json:"owed,omitempty"`  // Chase: what is pressed for.
	Count    int            `json:"count,omitempty"` // Backup: crews. Wave: its number; 0 is the next one.
	Type     cad.TypeID     `json:"type,omitempty"`  // New, type.
	Tags     []cad.TagID    `json:"tags,omitempty"`  // Tag, untag: which.
	Level    cad.Level      `json:"level,omitempty"`
	Result   string         `json:"result,omitempty"` // Close, feedback: a code of the centre's list.
	Address  string         `json:"address,omitempty"`
	Place    *geo.Point     `json:"place,omitempty"`  // Where the address is, if somebody has looked it up: a line alone knows no map.
	Approx   bool           `json:"approx,omitempty"` // The place is near the address, not the address itself.
	Priority cad.Priority   `json:"priority,omitempty"`
	Happened *time.Time     `json:"happened,omitempty"` // Back-entry: when it really was; nil is now.
	Left     []int64        `json:"left,omitempty"`     // Reassign, recall: incidents that nobody is at any more.
	Lines    []string       `json:"lines,omitempty"`    // Several: what is done, one after another; the first refusal ends it.
	Then     string         `json:"then,omitempty"`     // What stands in the line afterwards, for the person to finish.
}

// Kind is the kind of feedback that a plan gives.
func (p Plan) Kind() incident.ReportKind { return incident.ReportKind(p.To) }

// Shows reports whether a plan only shows something.
func (p Plan) Shows() bool {
	return p.Verb == Open || p.Verb == Near || p.Verb == Orders || p.Verb == Help
}

// CallsForHelp reports whether a plan is the first word of somebody in need: a new incident, a crew in danger.
func (p Plan) CallsForHelp() bool { return p.Verb == New || p.Verb == Duress }

// Meaning is one meaning of an ambiguous line.
type Meaning struct {
	N      int               `json:"n"` // Its digit, from 1.
	Label  string            `json:"label"`
	Code   string            `json:"code,omitempty"` // For the catalogues, where the label alone does not say what it means.
	Params map[string]string `json:"params,omitempty"`
	Plan   Plan              `json:"plan"`
}

// Reading is what a line came to.
type Reading struct {
	Status     Status            `json:"status"`
	Plan       *Plan             `json:"plan,omitempty"`
	Candidates []Meaning         `json:"candidates,omitempty"`
	Code       string            `json:"code,omitempty"` // For the catalogues.
	Params     map[string]string `json:"params,omitempty"`
	Text       string            `json:"text,omitempty"`   // English.
	Remedy     string            `json:"remedy,omitempty"` // English.
	Meant      string            `json:"meant,omitempty"`  // The English verb that a prefix stands for; empty if it was typed out.
	Sought     []int64           `json:"-"`                // Numbers that once were given and are not in memory: the journal knows them.
}

func ready(p Plan) Reading { return Reading{Status: Ready, Plan: &p} }

func params(keyValues []string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(keyValues); i += 2 {
		out[keyValues[i]] = keyValues[i+1]
	}
	return out
}

func wrong(code, text, remedy string, keyValues ...string) *Reading {
	return &Reading{Status: Wrong, Code: code, Text: text, Remedy: remedy, Params: params(keyValues)}
}

func unfinished(code, text string, keyValues ...string) *Reading {
	return &Reading{Status: Incomplete, Code: code, Text: text, Params: params(keyValues)}
}

// choose is a question with several answers. What it offers gets its digits here.
func choose(code, text string, meanings ...Meaning) *Reading {
	const digits = 9 // One is chosen by its digit.
	meanings = meanings[:min(len(meanings), digits)]
	for i := range meanings {
		meanings[i].N = i + 1
	}
	return &Reading{Status: Ambiguous, Code: code, Text: text, Candidates: meanings}
}
