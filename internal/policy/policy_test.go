package policy_test

import (
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/policy"
)

func TestMay(t *testing.T) {
	field, st1 := cad.Actor{Role: policy.Field, Unit: "101", Org: "st1"}, cad.Actor{Role: policy.Station, Org: "st1"}
	of := func(s cad.Subject) cad.Thing { return cad.Thing{Subject: s} }
	mine := cad.Thing{Subject: "incident:i1", Orgs: []cad.OrgID{"st4", "st1"}, Units: []cad.UnitID{"211", "101"}}
	far := cad.Thing{Subject: "incident:i2", Orgs: []cad.OrgID{"st4"}, Units: []cad.UnitID{"241"}}
	area := cad.Thing{Subject: "incident:i3", Orgs: []cad.OrgID{"st1"}}
	role := func(r string) cad.Actor { return cad.Actor{Role: r} }
	for _, tt := range []struct {
		name   string
		actor  cad.Actor
		action string
		thing  cad.Thing
		may    bool
	}{
		{"a call-taker takes calls", role(policy.CallTaker), "call.answer", of("call:k1"), true},
		{"a call-taker sends nobody", role(policy.CallTaker), "incident.dispatch", of("incident:i1"), false},
		{"a dispatcher sends", role(policy.Dispatcher), "incident.dispatch", of("incident:i1"), true},
		{"a dispatcher erases nothing", role(policy.Dispatcher), "subject.erase", of("incident:i1"), false},
		{"the commander erases", role(policy.Commander), "subject.erase", of("incident:i1"), true},
		{"a station reports back", st1, "incident.feedback", area, true},
		{"a station reports back what its crew is sent to", st1, "incident.feedback", mine, true},
		{"a station reports nothing of another's", st1, "incident.feedback", far, false},
		{"a station sends nobody to another's", st1, "incident.dispatch", far, false},
		{"a station sees nothing of another's", st1, "incident.read", far, false},
		{"a station notes what a neighbour tells it about another's", st1, "incident.note", far, true},
		{"a station closes nothing", st1, "incident.close", area, false},
		{"a station hears no other callers", st1, "call.read", cad.Thing{Subject: "call:k1", Orgs: []cad.OrgID{"st1"}}, false},
		{"a station speaks for its crews", st1, "unit.status", cad.Thing{Subject: "unit:211", Orgs: []cad.OrgID{"st1"}}, true},
		{"a station does not speak for others", st1, "unit.status", cad.Thing{Subject: "unit:241", Orgs: []cad.OrgID{"st4"}}, false},
		{"a desk of no station", role(policy.Station), "incident.read", far, false},
		{"a desk signs its own orders", st1, "assignment.sign_at_desk", cad.Thing{Subject: "assignment:a1", Orgs: []cad.OrgID{"st1"}, Units: []cad.UnitID{"241"}}, true},
		{"a desk signs no other's", st1, "assignment.sign_at_desk", cad.Thing{Subject: "assignment:a2", Orgs: []cad.OrgID{"st4"}, Units: []cad.UnitID{"211"}}, false},
		{"a dispatcher signs on its behalf", role(policy.Dispatcher), "assignment.sign_at_desk", of("assignment:a1"), true},
		{"a crew never signs as a desk", field, "assignment.sign_at_desk", cad.Thing{Subject: "assignment:a3", Units: []cad.UnitID{"101"}}, false},
		{"the commander approves that a P1 is handed over", role(policy.Commander), "incident.approve_transfer", of("incident:i1"), true},
		{"so does the operator, until people sign in", role(policy.Operator), "incident.approve_transfer", of("incident:i1"), true},
		{"a dispatcher hands over", role(policy.Dispatcher), "incident.transfer", of("incident:i1"), true},
		{"a dispatcher does not approve it", role(policy.Dispatcher), "incident.approve_transfer", of("incident:i1"), false},
		{"a crew sees what it is sent to", field, "incident.read", mine, true},
		{"a crew reports on what it is sent to", field, "incident.feedback", mine, true},
		{"a crew sees nothing else of its station", field, "incident.read", area, false},
		{"a crew reports on nothing else", field, "incident.feedback", area, false},
		{"a call-taker sees all", role(policy.CallTaker), "incident.read", far, true},
		{"a dispatcher acts on all", role(policy.Dispatcher), "incident.feedback", far, true},
		{"a crew speaks for itself", field, "unit.status", cad.Thing{Subject: "unit:101", Units: []cad.UnitID{"101"}}, true},
		{"a crew does not speak for another", field, "unit.status", cad.Thing{Subject: "unit:102", Units: []cad.UnitID{"102"}}, false},
		{"a crew raises duress for another", field, "unit.duress", of("unit:102"), true},
		{"nobody without a role", role(""), "incident.open", cad.Thing{}, false},
		{"no unknown role", role("admin"), "unit.duress", of("unit:101"), false},
		{"a reactor reads no private words", role(policy.Reactor), "private.read", of("incident:i1"), false},
		{"the desk opens its world", role(policy.System), "org.open_world", cad.Thing{}, true},
		{"only the operator configures", role(policy.Commander), "org.configure", cad.Thing{}, false},
		{"a star stands for one room only", role(policy.Dispatcher), "incidents", cad.Thing{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := policy.Roles{}.May(tt.actor, tt.action, tt.thing)
			if (err == nil) != tt.may || err != nil && fault.KindOf(err) != fault.Denied {
				t.Errorf("%v", err)
			}
		})
	}
}

// Whoever has a role may take down a call for help and raise duress (promises P8 and P9).
func TestEverybodyTakesHelp(t *testing.T) {
	for _, r := range []string{policy.CallTaker, policy.Dispatcher, policy.Commander, policy.Station, policy.Field, policy.Operator, policy.Reactor, policy.System} {
		for _, action := range []string{"incident.open", "incident.note", "incident.urge", "call.arrive", "unit.duress"} {
			if err := (policy.Roles{}).May(cad.Actor{Role: r}, action, cad.Thing{Subject: "unit:9"}); err != nil {
				t.Errorf("%s: %v", r, err)
			}
		}
	}
}
