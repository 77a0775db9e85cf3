package incident_test

import (
	"fmt"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
)

// A command is decided against a state. Its facts are folded into the next state; a refusal says why.
func ExampleEvolve() {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	var s incident.State
	for i, cmd := range []incident.Command{
		incident.Open{ID: "A", Number: 1, Source: incident.Phone},
		incident.StartWork{ID: "A"},
		incident.Close{ID: "A"},
	} {
		facts, err := cmd.Decide(s, incident.Around{Now: now, Actor: "watch"})
		if err != nil {
			fmt.Println(fault.Text(err))
			continue
		}
		for _, f := range facts {
			if f, ok := f.(incident.Fact); ok {
				s = incident.Evolve(s, f, cad.Stamp{Seq: cad.Seq(i + 1), At: now, Actor: "watch"})
				fmt.Println(f.FactType(), s.Phase)
			}
		}
	}
	// Output:
	// incident.opened received
	// incident.work_started in_work
	// no final feedback yet
}
