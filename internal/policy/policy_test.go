package policy_test

import (
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/policy"
)

func TestMay(t *testing.T) {
	field := cad.Actor{Role: policy.Field, Unit: "101"}
	role := func(r string) cad.Actor { return cad.Actor{Role: r} }
	for _, tt := range []struct {
		name   string
		actor  cad.Actor
		action string
		thing  cad.Subject
		may    bool
	}{
		{"a call-taker takes calls", role(policy.CallTaker), "call.answer", "call:k1", true},
		{"a call-taker sends nobody", role(policy.CallTaker), "incident.dispatch", "incident:i1", false},
		{"a dispatcher sends", role(policy.Dispatcher), "incident.dispatch", "incident:i1", true},
		{"a dispatcher erases nothing", role(policy.Dispatcher), "subject.erase", "incident:i1", false},
		{"the commander erases", role(policy.Commander), "subject.erase", "incident:i1", true},
		{"a station reports back", role(policy.Station), "incident.feedback", "incident:i1", true},
		{"a station closes nothing", role(policy.Station), "incident.close", "incident:i1", false},
		{"a crew speaks for itself", field, "unit.status", "unit:101", true},
		{"a crew does not speak for another", field, "unit.status", "unit:102", false},
		{"a crew raises duress for another", field, "unit.duress", "unit:102", true},
		{"nobody without a role", role(""), "incident.open", "", false},
		{"no unknown role", role("admin"), "unit.duress", "unit:101", false},
		{"a reactor reads no private words", role(policy.Reactor), "private.read", "incident:i1", false},
		{"the desk opens its world", role(policy.System), "org.open_world", "", true},
		{"only the operator configures", role(policy.Commander), "org.configure", "", false},
		{"a star stands for one room only", role(policy.Dispatcher), "incidents", "", false},
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
		for _, action := range []string{"incident.open", "incident.note", "incident.urge", "unit.duress"} {
			if err := (policy.Roles{}).May(cad.Actor{Role: r}, action, "unit:9"); err != nil {
				t.Errorf("%s: %v", r, err)
			}
		}
	}
}
