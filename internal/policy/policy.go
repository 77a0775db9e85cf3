// Package policy answers who may do what, from one fixed table of roles. It will be replaced by readable policy
// files behind the same question; it must never be asked twice in two places about one act.
package policy

import (
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// The roles of the table.
const (
	CallTaker  = "call-taker"
	Dispatcher = "dispatcher"
	Commander  = "commander"
	Station    = "station"
	Field      = "field"
	Operator   = "operator" // Whoever sits at the machine itself, until sign-in exists.
	Reactor    = "reactor"  // A program of ours that follows facts.
	System     = "system"   // The desk itself.
)

// Roles answers by role. The zero value is ready.
type Roles struct{}

// intake is what everybody who can hear a person asking for help may do, about anything.
var intake = []string{"incident.open", "incident.note", "incident.urge", "call.arrive", "unit.duress"}

// names are the acts that no star stands for: a role has them by name only. Where units wait for the whole centre is for
// those who send them; inspection and supervision (检查督导权) are the commander's; so is in which order a crew goes to what waits for it, and to answer a call for help: no crew and no
// station silences its own.
var names = []string{"assignment.sign_at_desk", "assignment.reorder", "incident.approve_transfer", "unit.acknowledge_duress", "unit.standby", "unit.end_standby", "order.issue_inspect", "order.supervise", "incident.acknowledge", "call.history"}

// table lists what each role may do beside intake; "read" is to see the row. A star at the end stands for every verb of that room.
var table = map[string][]string{
	CallTaker:  {"private.read", "paper.take", "alarm.read", "order.read", "call.*", "call.history", "incident.read", "incident.classify", "incident.locate", "incident.link", "incident.unlink", "incident.merge", "incident.split", "incident.with", "incident.follow_up", "incident.transfer", "incident.invalid", "incident.answers", "incident.schedule", "incident.ask_seat", "incident.seat_takes", "incident.seat_done", "incident.add_file", "incident.withdraw_file"},
	Dispatcher: {"private.read", "paper.take", "alarm.read", "alarm.acknowledge", "order.*", "report.read", "call.*", "call.history", "incident.*", "assignment.*", "assignment.sign_at_desk", "assignment.reorder", "unit.*", "unit.acknowledge_duress", "unit.standby", "unit.end_standby", "study.ask"},
	Commander:  {"private.read", "paper.take", "alarm.*", "order.*", "order.issue_inspect", "order.supervise", "report.*", "incident.acknowledge", "call.*", "call.history", "incident.*", "incident.approve_transfer", "assignment.*", "assignment.sign_at_desk", "assignment.reorder", "unit.*", "unit.acknowledge_duress", "unit.standby", "unit.end_standby", "subject.erase", "study.ask"},
	Station:    {"private.read", "paper.take", "alarm.read", "order.read", "order.sign", "order.act", "order.report", "order.ask_extension", "incident.read", "incident.classify", "incident.locate", "incident.feedback", "incident.follow_up", "incident.dispatch", "incident.add_file", "assignment.*", "assignment.sign_at_desk", "unit.*"},
	Field:      {"private.read", "order.read", "order.sign", "order.act", "order.report", "order.ask_extension", "incident.read", "incident.feedback", "incident.add_file", "assignment.*", "unit.*"},
	Operator:   {"private.read", "paper.take", "alarm.*", "order.*", "order.issue_inspect", "order.supervise", "report.*", "incident.acknowledge", "call.*", "call.history", "incident.*", "incident.approve_transfer", "assignment.*", "assignment.sign_at_desk", "assignment.reorder", "unit.*", "unit.acknowledge_duress", "unit.standby", "unit.end_standby", "org.configure", "subject.erase", "study.ask"},
	Reactor:    {"alarm.*", "call.*", "incident.*", "assignment.*", "assignment.sign_at_desk", "unit.*", "deadline.pass"},
	System:     {"private.read", "paper.take", "org.*", "deadline.pass", "unit.*"},
}

// May says whether an actor may do something to a thing, or see it. The centre's own people may act on everything; a
// station on what lies in its area, on what its crews are sent to, on its crews and on the orders that go through its desk;
// a crew on what it is sent to and on itself. Whoever hears a cry for help may pass it on, whomever it is about.
func (Roles) May(a cad.Actor, action string, thing cad.Thing) error {
	const op = "policy.May"
	if slices.Contains(intake, action) && table[a.Role] != nil {
		return nil
	}
	if !listed(table[a.Role], action) {
		return fault.New(op, fault.Denied, "the role %s may not do this: %s", a.Role, action).
			Because("role", "role", a.Role, "action", action).Mend("ask somebody whose role includes it")
	}
	if concerns(a, thing) {
		return nil
	}
	if kind, id := thing.Subject.Split(); kind == "unit" {
		return fault.New(op, fault.Denied, "the unit %s is not yours", id).Because("not_your_unit", "unit", id).Mend("ask a dispatcher")
	}
	return fault.New(op, fault.Denied, "it lies outside your area, and nobody of yours is sent to it").
		Because("not_yours", "subject", string(thing.Subject)).Mend("ask a dispatcher")
}

// concerns says whether a thing is an actor's to deal with.
func concerns(a cad.Actor, thing cad.Thing) bool {
	switch {
	case thing.Subject == "":
		return true
	case a.Role == Station:
		return slices.Contains(thing.Orgs, a.Org)
	case a.Role == Field:
		return slices.Contains(thing.Units, a.Unit)
	}
	return true
}

func listed(actions []string, action string) bool {
	return slices.ContainsFunc(actions, func(x string) bool {
		room, all := strings.CutSuffix(x, "*")
		return x == action || all && strings.HasPrefix(action, room) && !slices.Contains(names, action)
	})
}
