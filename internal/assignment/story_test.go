package assignment

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// TestStories plays the stories in testdata. To accept new answers run
//
//	go test ./internal/assignment -rewrite
//
// and read the diff as a dispatcher would before committing it.
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var s State
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			now := clock(t, d, "at")
			switch d.Cmd {
			case "due":
				return lines(Due(s), func(x cad.Deadline) string { return x.Kind + " by " + x.Due.Format(time.TimeOnly) })
			case "next":
				return lines(Next(s, Around{Now: now}), func(x cad.Step) string {
					if x.Allowed {
						return x.Verb
					}
					return x.Verb + ": no, " + x.Text
				})
			case "times":
				return lines(stages, func(x Stage) string {
					if s.At(x).IsZero() {
						return string(x) + " -"
					}
					return string(x) + " " + s.At(x).Format(time.TimeOnly)
				})
			}
			c := command(t, d)
			facts, err := c.Decide(s, Around{Now: now, Actor: "seat-11"})
			if err != nil {
				return refusal(err)
			}
			happened := now
			if say, ok := c.(Say); ok && !say.Happened.IsZero() {
				happened = say.Happened
			}
			for _, f := range facts {
				s = Evolve(s, f.(Fact), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: happened, Actor: "seat-11"})
			}
			return lines(facts, func(f cad.Fact) string {
				b, _ := json.Marshal(f)
				return f.FactType() + " " + string(b)
			})
		})
	})
}

func command(t *testing.T, d *datadriven.TestData) Command {
	t.Helper()
	word := func(key string) string {
		var v string
		d.MaybeScanArgs(t, key, &v)
		return v
	}
	switch d.Cmd {
	case "dispatch":
		c := Dispatch{
			ID: "a1", Incident: cad.IncidentID(word("incident")), Unit: cad.UnitID(word("unit")), Way: word("level"),
			Station: cad.OrgID(word("station")), Primary: !d.HasArg("stacked"),
		}
		for _, kind := range []string{"sign", "depart", "arrive"} {
			var s int64
			if d.MaybeScanArgs(t, kind, &s) {
				c.Limits = append(c.Limits, Limit{Kind: kind, From: "dispatched", WithinS: s})
			}
		}
		return c
	case "say":
		c := Say{ID: "a1", To: Stage(word("to"))}
		if d.HasArg("happened") {
			c.Happened = clock(t, d, "happened")
		}
		if d.HasArg("redeployable") {
			free := word("redeployable") == "yes"
			c.Redeployable = &free
		}
		return c
	case "sign-at-desk":
		return SignAtDesk{ID: "a1"}
	case "promote":
		return Promote{ID: "a1"}
	case "recall":
		return Recall{ID: "a1"}
	case "move":
		return MoveTo{ID: "a1", Incident: cad.IncidentID(word("to"))}
	case "backup":
		var n int
		d.MaybeScanArgs(t, "count", &n)
		return AskBackup{ID: "a1", Count: n}
	case "pass":
		return PassDeadline{ID: "a1", Kind: word("kind")}
	}
	d.Fatalf(t, "no such word: %s", d.Cmd)
	return nil
}

func clock(t *testing.T, d *datadriven.TestData, key string) time.Time {
	t.Helper()
	var v string
	if !d.MaybeScanArgs(t, key, &v) {
		return noon
	}
	at, err := time.Parse(time.TimeOnly, v)
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	return time.Date(2030, 5, 1, at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
}

func refusal(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	s := fmt.Sprintf("no (%s): %s", e.Code, e.Text)
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

func lines[T any](list []T, line func(T) string) string {
	if len(list) == 0 {
		return "nothing"
	}
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = line(x)
	}
	return strings.Join(out, "\n")
}
