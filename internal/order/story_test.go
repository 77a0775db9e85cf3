package order

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// words are words that a test can read. Rooms never open them.
var words = cad.Sealed{Subject: "order:o1", Slot: 1, Box: []byte("hold the north end of the bridge")}

func refusal(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	return strings.TrimSuffix("no ("+e.Code+"): "+e.Text+"; "+e.Remedy, "; ")
}

// TestStories plays the stories in testdata. To accept new answers run
//
//	go test ./internal/order -rewrite
//
// and read the diff as a commander would before committing it.
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var s State
		now := noon
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			now = now.Add(time.Minute)
			a := args{t, d}
			if at := a.clock("at"); !at.IsZero() {
				now = at
			}
			switch d.Cmd {
			case "state":
				return describe(s)
			case "next":
				var out []string
				for _, x := range Next(s) {
					line := x.Verb
					if !x.Allowed {
						line += ": no (" + x.Code + ")"
					}
					out = append(out, line)
				}
				return strings.Join(out, "\n")
			case "due":
				var out []string
				for _, x := range Due(s) {
					out = append(out, x.Kind+" "+x.Due.Format(time.TimeOnly))
				}
				return strings.Join(append(out, "."), "\n")
			}
			facts, err := a.command(s).Decide(s, Around{Now: now, Actor: "commander"})
			if err != nil {
				return refusal(err)
			}
			out := []string{}
			for _, f := range facts {
				s = Evolve(s, stored(t, f), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now, Actor: "commander"})
				b, _ := json.Marshal(f)
				line := f.FactType() + " " + string(b)
				if x, ok := f.(cad.Confidential); ok && !x.Secret().IsZero() {
					line += " + sealed words"
				}
				out = append(out, line)
			}
			if len(out) == 0 {
				return "nothing"
			}
			return strings.Join(out, "\n")
		})
	})
}

// describe is a state in a few lines.
func describe(s State) string {
	out := []string{fmt.Sprintf("#%d %s, due %s, passed %v, extended %d", s.Number, s.Phase(), s.Due.Format(time.TimeOnly), s.Passed, s.Extended)}
	for _, r := range s.To {
		line := r.Kind + " " + r.ID
		for _, x := range []struct {
			word string
			at   time.Time
		}{{"signed", r.SignedAt}, {"acts", r.ActedAt}, {"reported", r.ReportedAt}, {"chased", r.ChasedAt}} {
			if !x.at.IsZero() {
				line += fmt.Sprintf(" %s %s", x.word, x.at.Format(time.TimeOnly))
			}
		}
		if r.Returned {
			line += " (sent back)"
		}
		if r.Ask != nil {
			line += " asks until " + r.Ask.Until.Format(time.TimeOnly)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

type args struct {
	t *testing.T
	d *datadriven.TestData
}

func (a args) word(key string) (v string) {
	a.d.MaybeScanArgs(a.t, key, &v)
	return v
}

func (a args) clock(key string) time.Time {
	v := a.word(key)
	if v == "" {
		return time.Time{}
	}
	at, err := time.Parse("15:04:05", v)
	if err != nil {
		a.d.Fatalf(a.t, "%v", err)
	}
	return noon.Add(at.Sub(time.Date(0, 1, 1, 12, 0, 0, 0, time.UTC)))
}

// to is "101" a unit, "@st1" a station, "=21" a seat.
func (a args) to(key string) (out []To) {
	arg, ok := a.d.Arg(key)
	if !ok {
		return nil
	}
	for _, v := range arg.Vals {
		switch {
		case strings.HasPrefix(v, "@"):
			out = append(out, To{ToOrg, v[1:]})
		case strings.HasPrefix(v, "%"):
			out = append(out, To{ToSeat, v[1:]})
		default:
			out = append(out, To{ToUnit, v})
		}
	}
	return out
}

func (a args) text() cad.Sealed {
	if a.d.HasArg("silent") {
		return cad.Sealed{}
	}
	return words
}

func (a args) one() To {
	if to := a.to("by"); len(to) > 0 {
		return to[0]
	}
	return To{}
}

func (a args) command(s State) Command {
	switch a.d.Cmd {
	case "issue":
		c := Issue{
			ID: "o1", Number: 7, Power: cad.Power(a.word("power")), Urgency: Urgency(a.word("urgency")), Kind: Kind(a.word("kind")), To: a.to("to"), Due: a.clock("due"),
			Text: a.text(), Incident: cad.IncidentID(a.word("incident")), Clock: Clock{SignS: 30, RemindS: 600, SuperviseS: 900, RaiseS: 1800},
		}
		if by := a.word("oral"); by != "" {
			c.Oral = &Oral{By: by, SaidAt: a.clock("said")}
		}
		return c
	case "sign":
		return Sign{ID: "o1", To: a.one()}
	case "act":
		return Act{ID: "o1", To: a.one()}
	case "report":
		return Report{ID: "o1", To: a.one(), Text: a.text()}
	case "ask":
		return AskExtension{ID: "o1", To: a.one(), Until: a.clock("until"), Text: a.text()}
	case "extend":
		return Extend{ID: "o1", Until: a.clock("until")}
	case "decline":
		return DeclineExtension{ID: "o1", To: a.one(), Text: a.text()}
	case "check":
		return Check{ID: "o1", Good: true, Clear: a.d.HasArg("clear")}
	case "send-back":
		return Check{ID: "o1", To: a.to("of"), Text: a.text()}
	case "clear":
		return Clear{ID: "o1"}
	case "revoke":
		return Revoke{ID: "o1", Text: a.text()}
	case "chase":
		return Chase{ID: "o1", To: a.to("of"), Step: a.word("step")}
	case "pass":
		for _, d := range Due(s) {
			if d.Kind == a.word("kind") {
				return PassDeadline{ID: "o1", Kind: d.Kind, Due: d.Due}
			}
		}
		return PassDeadline{ID: "o1", Kind: a.word("kind"), Due: noon}
	}
	a.d.Fatalf(a.t, "no such word: %s", a.d.Cmd)
	return nil
}

// stored is a fact as it comes back out of a journal, its sealed words beside it.
func stored(t *testing.T, f cad.Fact) Fact {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(Facts(), func(k cad.FactKind) bool { return k.Type == f.FactType() })
	if i < 0 {
		t.Fatalf("%s is not in the room's table", f.FactType())
	}
	back, err := Facts()[i].Decode(1, data)
	if err != nil {
		t.Fatal(err)
	}
	if x, ok := f.(cad.Confidential); ok {
		back = back.(cad.Confidential).WithSecret(x.Secret()) //nolint:errcheck // the kinds of a fact do not change on the way
	}
	own, ok := back.(Fact)
	if !ok || own.Of() != "o1" || f.Subjects()[0] != "order:o1" {
		t.Fatalf("%T is about %v", back, f.Subjects())
	}
	return own
}
