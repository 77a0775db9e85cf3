package order

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
)

// commands is one for each verb that lacks nothing, so that only the state can refuse it.
func commands(s State) map[string]Command {
	one := To{ToUnit, "101"}
	if owes := s.Unreported(); len(owes) > 0 {
		one = owes[0]
	}
	unsigned := one
	if all := s.Unsigned(); len(all) > 0 {
		unsigned = all[0]
	}
	idle := one
	for _, r := range s.To {
		if r.ActedAt.IsZero() && r.ReportedAt.IsZero() {
			idle = r.To
		}
	}
	asks := one
	for _, r := range s.To {
		if r.Ask != nil {
			asks = r.To
		}
	}
	later := noon.Add(100 * time.Hour)
	if s.Due.After(noon) {
		later = s.Due.Add(time.Hour)
	}
	return map[string]Command{
		"sign": Sign{"o1", unsigned}, "act": Act{"o1", idle}, "report": Report{"o1", one, words}, "check": Check{ID: "o1", Text: words},
		"clear": Clear{"o1"}, "chase": Chase{ID: "o1"}, "supervise": Chase{ID: "o1", Step: StepSupervise},
		"ask_extension": AskExtension{"o1", one, later, words}, "extend": Extend{ID: "o1", Until: later}, "decline_extension": DeclineExtension{"o1", asks, words},
		"revoke": Revoke{"o1", words},
	}
}

// A button and a refusal never disagree, an order goes only along its table, never changes a state that somebody holds, and
// is the same after being stored; whatever is said in whatever order.
func TestAnyLife(t *testing.T) {
	reached := map[Phase]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		var s, held State
		now := noon
		due := now.Add(time.Duration(rapid.IntRange(1, 3).Draw(rt, "hours")) * time.Hour)
		issue := Issue{ID: "o1", Number: 1, Power: cad.Direct, To: []To{{ToUnit, "101"}, {ToOrg, "st1"}}, Due: due, Text: words, Clock: Clock{30, 600, 900, 1800}}
		take := func(c Command) int {
			facts, err := c.Decide(s, Around{Now: now, Actor: "commander"})
			if err != nil {
				return 0
			}
			for _, f := range facts {
				before := describe(s)
				held, s = s, Evolve(s, stored(t, f), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now})
				if describe(held) != before {
					rt.Fatalf("%s changed a state that somebody holds", f.FactType())
				}
				if from, to := held.Phase(), s.Phase(); from != to && !slices.Contains(life[from], to) {
					rt.Fatalf("%s took it from %q to %q", f.FactType(), from, to)
				}
			}
			return len(facts)
		}
		take(issue)
		for range rapid.IntRange(1, 25).Draw(rt, "words") {
			now = now.Add(time.Duration(rapid.IntRange(1, 1200).Draw(rt, "seconds")) * time.Second)
			for _, step := range Next(s) {
				facts, err := commands(s)[step.Verb].Decide(s, Around{Now: now, Actor: "commander"})
				if late := step.Verb == "extend" || step.Verb == "ask_extension"; (step.Allowed && err != nil && !late) || (!step.Allowed && len(facts) > 0) {
					rt.Fatalf("%q: %s allowed %v, and its command gives %d facts and %v", s.Phase(), step.Verb, step.Allowed, len(facts), err)
				}
			}
			for _, d := range Due(s) {
				if !d.Due.After(now) && take(PassDeadline{"o1", d.Kind, d.Due}) != 1 {
					rt.Fatalf("%s passed and was not written down", d.Kind)
				}
			}
			all := commands(s)
			all["good"], all["gone"] = Check{ID: "o1", Good: true}, Check{ID: "o1", Good: true, Clear: true}
			verbs := []string{"sign", "act", "report", "report", "check", "good", "gone", "clear", "chase", "ask_extension", "extend", "decline_extension", "revoke"}
			take(all[rapid.SampledFrom(verbs).Draw(rt, "verb")])
			reached[s.Phase()] = true
		}
		if !s.Open() && len(Due(s)) > 0 {
			rt.Fatalf("what is over owes %v", Due(s))
		}
	})
	for phase := range life {
		if phase != "" && !reached[phase] {
			t.Errorf("no life came to %q", phase)
		}
	}
}

// Every phase leads to an end.
func TestEveryPhaseEnds(t *testing.T) {
	for from := range life {
		todo, seen := []Phase{from}, map[Phase]bool{}
		for len(todo) > 0 {
			p := todo[0]
			todo = todo[1:]
			if !seen[p] {
				seen[p] = true
				todo = append(todo, life[p]...)
			}
		}
		if !seen[Revoked] && from != Cleared || !seen[Cleared] && from != Revoked {
			t.Errorf("%q never ends", from)
		}
	}
}
