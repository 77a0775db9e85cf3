package report

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// words are words that a test can read. Rooms never open them.
var words = cad.Sealed{Subject: "report:i1", Slot: 1, Box: []byte("two hurt, road closed")}

// clock is a quarter of an hour, an hour and two hours, so that no two of them can be mistaken for each other.
var clock = Clock{FirstS: 900, FollowS: 3600, FinalS: 7200}

// desk plays commands in world time.
type desk struct {
	t   *testing.T
	s   State
	now time.Time
}

func newDesk(t *testing.T) *desk { return &desk{t: t, now: noon} }

// at moves the clock to so many minutes after noon.
func (d *desk) at(minutes int) *desk {
	d.now = noon.Add(time.Duration(minutes) * time.Minute)
	return d
}

// try gives a command, and the code of its refusal.
func (d *desk) try(c Command, settled bool) (facts []cad.Fact, code string) {
	d.t.Helper()
	facts, err := c.Decide(d.s, Around{Now: d.now, Actor: "commander", Known: true, Settled: settled})
	if err != nil {
		var e *fault.Error
		if !errors.As(err, &e) || e.Code == "" {
			d.t.Fatalf("a refusal without a reason: %v", err)
		}
		return nil, e.Code
	}
	for _, f := range facts {
		d.s = Evolve(d.s, stored(d.t, f), cad.Stamp{Seq: d.s.Changed + 1, At: d.now, Happened: d.now, Actor: "commander"})
	}
	return facts, ""
}

// do gives a command that must not be refused.
func (d *desk) do(c Command) *desk {
	d.t.Helper()
	if _, code := d.try(c, true); code != "" {
		d.t.Fatalf("%T was refused: %s", c, code)
	}
	return d
}

// file files a report that must not be refused.
func (d *desk) file(k Kind) *desk {
	d.t.Helper()
	return d.do(File{Incident: "i1", Kind: k, Text: words})
}

// required is an incident of noon whose reports are owed by clock.
func required(t *testing.T) *desk {
	t.Helper()
	return newDesk(t).do(Require{Incident: "i1", Level: "II", Clock: clock, Since: noon})
}

// stored is a fact after it went through the journal.
func stored(t *testing.T, f cad.Fact) Fact {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Facts() {
		if k.Type != f.FactType() {
			continue
		}
		back, err := k.Decode(k.Version, b)
		if err != nil {
			t.Fatal(err)
		}
		if was, ok := f.(cad.Confidential); ok {
			back = back.(cad.Confidential).WithSecret(was.Secret())
		}
		return back.(Fact)
	}
	t.Fatalf("%s is in no table of facts", f.FactType())
	return nil
}

// TestOwed tells what is owed next, and by which moment, through the life of an incident.
func TestOwed(t *testing.T) {
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	for name, tt := range map[string]struct {
		state State
		kind  Kind
		due   time.Time
	}{
		"nothing without a clock":            {newDesk(t).s, "", time.Time{}},
		"the first from the first word":      {required(t).at(14).s, First, at(15)},
		"a follow-up from the last report":   {required(t).at(10).file(First).s, Follow, at(70)},
		"each follow-up counts anew":         {required(t).at(10).file(First).at(40).file(Follow).s, Follow, at(100)},
		"the final from the end":             {required(t).at(10).file(First).at(30).do(End{Incident: "i1"}).s, Final, at(150)},
		"the first even after the end":       {required(t).at(5).do(End{Incident: "i1"}).s, First, at(15)},
		"nothing after the final":            {required(t).at(10).file(First).at(30).do(End{Incident: "i1"}).at(31).file(Final).s, "", time.Time{}},
		"nothing when it was none":           {required(t).at(5).do(End{Incident: "i1", Void: true}).s, "", time.Time{}},
		"a follow-up when it is open again":  {required(t).at(10).file(First).at(30).do(End{Incident: "i1"}).at(50).do(Resume{"i1"}).s, Follow, at(110)},
		"the final is owed anew after that":  {required(t).at(10).file(First).do(End{Incident: "i1"}).file(Final).at(50).do(Resume{"i1"}).at(60).do(End{Incident: "i1"}).s, Final, at(180)},
		"the first when it was none, and is": {required(t).at(5).do(End{Incident: "i1", Void: true}).at(6).do(Resume{"i1"}).s, First, at(15)},
		"nothing when the level was lowered": {required(t).at(5).do(Require{Incident: "i1", Since: noon}).s, "", time.Time{}},
		"a level without follow-ups": {
			newDesk(t).do(Require{Incident: "i1", Level: "III", Clock: Clock{FirstS: 900}, Since: noon}).file(First).s, "", time.Time{},
		},
		"a level without a final report": {
			newDesk(t).do(Require{Incident: "i1", Level: "III", Clock: Clock{FirstS: 900, FollowS: 60}, Since: noon}).file(First).do(End{Incident: "i1"}).s, "", time.Time{},
		},
		"what was filed for a merged one counts": {
			newDesk(t).do(Require{Incident: "i1", Level: "II", Clock: clock, Since: noon, Last: at(20)}).s, Follow, at(80),
		},
		"and does not count backwards": {
			required(t).at(30).file(First).do(Require{Incident: "i1", Level: "I", Clock: clock, Since: noon, Last: at(20)}).s, Follow, at(90),
		},
	} {
		t.Run(name, func(t *testing.T) {
			kind, due, owed := tt.state.Owed()
			if kind != tt.kind && owed || owed != (tt.kind != "") || owed && !due.Equal(tt.due) {
				t.Errorf("owed %q by %s (%v), want %q by %s", kind, due.Format(time.TimeOnly), owed, tt.kind, tt.due.Format(time.TimeOnly))
			}
		})
	}
}

// TestFile tells which report is refused, and why.
func TestFile(t *testing.T) {
	first := func() *desk { return required(t).at(10).file(First) }
	over := func() *desk { return first().do(End{Incident: "i1"}) }
	for name, tt := range map[string]struct {
		desk      *desk
		cmd       File
		unsettled bool
		code      string
	}{
		"the first":                           {required(t), File{Kind: First, Text: words}, true, ""},
		"one that nobody required":            {newDesk(t), File{Kind: First, Text: words}, true, ""},
		"the first twice":                     {first(), File{Kind: First, Text: words}, true, "first_filed"},
		"a follow-up before the first":        {required(t), File{Kind: Follow, Text: words}, true, "no_first_report"},
		"the final before the first":          {required(t), File{Kind: Final, Text: words}, false, "no_first_report"},
		"the final while it is in work":       {first(), File{Kind: Final, Text: words}, true, "not_settled"},
		"the final when only a review is due": {first(), File{Kind: Final, Text: words}, false, ""},
		"the final after the end":             {over(), File{Kind: Final, Text: words}, false, ""},
		"the final twice":                     {over().file(Final), File{Kind: Final, Text: words}, false, "final_filed"},
		"a follow-up after the final":         {over().file(Final), File{Kind: Follow, Text: words, Corrects: 2}, false, ""},
		"an empty one":                        {required(t), File{Kind: First}, true, "text_required"},
		"a kind that there is not":            {required(t), File{Kind: "second", Text: words}, true, "bad_kind"},
		"a correction of none":                {first(), File{Kind: Follow, Text: words, Corrects: 2}, true, "bad_correction"},
		"a correction below the first":        {first(), File{Kind: Follow, Text: words, Corrects: -1}, true, "bad_correction"},
		"a correction that is the final":      {over(), File{Kind: Final, Text: words, Corrects: 1}, false, "bad_correction"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.cmd.Incident = "i1"
			facts, code := tt.desk.try(tt.cmd, !tt.unsettled)
			if code != tt.code || (code == "") != (len(facts) == 1) {
				t.Errorf("refused with %q and %d facts, want %q", code, len(facts), tt.code)
			}
		})
	}
	_, err := File{Incident: "i9", Kind: First, Text: words}.Decide(State{}, Around{Now: noon})
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.NotFound {
		t.Errorf("about no incident: %v", err)
	}
}

// TestFiledIsKept says that a correction stands beside what it corrects, who filed it and when, and whether it was late.
func TestFiledIsKept(t *testing.T) {
	d := required(t).at(15).file(First).at(76)
	before := d.s
	d.do(File{Incident: "i1", Kind: Follow, To: "st1", Corrects: 1, Text: words})
	if len(before.Filed) != 1 || len(d.s.Filed) != 2 || before.Filed[0].At != d.s.Filed[0].At {
		t.Fatalf("filed %+v, then %+v", before.Filed, d.s.Filed)
	}
	first, second := d.s.Filed[0], d.s.Filed[1]
	if first.Late || first.To != Superior || first.By != "commander" || !first.At.Equal(noon.Add(15*time.Minute)) || first.Text.IsZero() {
		t.Errorf("filed at the very moment at which it was due: %+v", first)
	}
	if !second.Late || second.To != "st1" || second.Corrects != 1 || second.Seq != d.s.Changed {
		t.Errorf("filed a minute late: %+v", second)
	}
}

// TestDeadline says that a report that is late is written down once, at its moment and not before, and owed until it is filed.
func TestDeadline(t *testing.T) {
	d := required(t)
	due := Due(d.s)
	if len(due) != 1 || due[0].Kind != "first" || due[0].Subject != "report:i1" {
		t.Fatalf("due: %+v", due)
	}
	pass := PassDeadline{Incident: "i1", Kind: "first", Due: due[0].Due}
	for _, step := range []struct {
		what  string
		at    int
		cmd   PassDeadline
		facts int
	}{
		{"before it", 14, pass, 0},
		{"at another moment", 15, PassDeadline{"i1", "first", due[0].Due.Add(time.Second)}, 0},
		{"of another kind", 15, PassDeadline{"i1", "follow", due[0].Due}, 0},
		{"at its moment", 15, pass, 1},
		{"once more", 16, pass, 0},
	} {
		if facts, code := d.at(step.at).try(step.cmd, false); len(facts) != step.facts || code != "" {
			t.Errorf("%s: %d facts %s, want %d", step.what, len(facts), code, step.facts)
		}
	}
	if k, _, owed := d.s.Owed(); !owed || k != First || !d.s.Late() || len(Due(d.s)) != 0 {
		t.Errorf("what passed: owed %v %q, late %v, due %v", owed, k, d.s.Late(), Due(d.s))
	}
	d.at(20).file(First)
	if d.s.Late() || len(Due(d.s)) != 1 || !d.s.Filed[0].Late {
		t.Errorf("after it was filed: late %v, due %v, %+v", d.s.Late(), Due(d.s), d.s.Filed)
	}
	d.at(80).do(PassDeadline{"i1", "follow", noon.Add(80 * time.Minute)}).at(90).file(Follow)
	if len(Due(d.s)) != 1 || !Due(d.s)[0].Due.Equal(noon.Add(150*time.Minute)) {
		t.Errorf("the next follow-up after a late one: due %v", Due(d.s))
	}
	d.at(150).do(PassDeadline{"i1", "follow", noon.Add(150 * time.Minute)}).do(End{Incident: "i1"})
	if d.s.Late() || len(Due(d.s)) != 1 || Due(d.s)[0].Kind != "final" {
		t.Errorf("a follow-up that was late is owed no more after the end: late %v, due %v", d.s.Late(), Due(d.s))
	}
}

// TestSaidTwice says that nothing is written twice, and that nothing is owed for an incident that needs no report.
func TestSaidTwice(t *testing.T) {
	again := Require{Incident: "i1", Level: "II", Clock: clock, Since: noon}
	for name, tt := range map[string]struct {
		desk  *desk
		cmd   Command
		facts int
	}{
		"required as before":       {required(t), again, 0},
		"required by another":      {required(t), Require{Incident: "i1", Level: "I", Clock: clock, Since: noon}, 1},
		"lowered to none":          {required(t), Require{Incident: "i1", Level: "IV", Since: noon}, 1},
		"none as before":           {newDesk(t), Require{Incident: "i1", Level: "IV", Since: noon}, 0},
		"ended twice":              {required(t).do(End{Incident: "i1"}), End{Incident: "i1"}, 0},
		"ended without any":        {newDesk(t), End{Incident: "i1"}, 0},
		"opened again, never over": {required(t), Resume{"i1"}, 0},
		"opened again without any": {newDesk(t), Resume{"i1"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if facts, code := tt.desk.try(tt.cmd, false); len(facts) != tt.facts || code != "" {
				t.Errorf("%d facts %s, want %d", len(facts), code, tt.facts)
			}
		})
	}
}

// TestStatesAreShared says that two futures of one state do not write over each other: a board holds the one, the writer tries
// the other.
func TestStatesAreShared(t *testing.T) {
	s := required(t).file(First).file(Follow).file(Follow).s
	filed := func(to string) State {
		return Evolve(s, FiledFact{about: about{"i1"}, Kind: Follow, To: to}, cad.Stamp{Seq: 9, Happened: noon})
	}
	one, other := filed("st1"), filed("st2")
	if one.Filed[3].To != "st1" || other.Filed[3].To != "st2" {
		t.Errorf("filed with %s and %s", one.Filed[3].To, other.Filed[3].To)
	}
}

// TestAnyLife says whatever there is to say in any order: a button and a refusal never disagree, at most one report is owed,
// what was filed is never lost or changed, and a state that somebody holds stays as it was.
func TestAnyLife(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, settled := newDesk(t), false
		for range rapid.IntRange(1, 30).Draw(rt, "words") {
			d.now = d.now.Add(time.Duration(rapid.IntRange(1, 3000).Draw(rt, "seconds")) * time.Second)
			for _, step := range Next(d.s, Around{Now: d.now, Known: true, Settled: settled}) {
				facts, err := File{Incident: "i1", Kind: Kind(step.Verb), Text: words}.Decide(d.s, Around{Now: d.now, Known: true, Settled: settled})
				if step.Allowed != (err == nil) || step.Allowed != (len(facts) == 1) {
					rt.Fatalf("%s allowed %v, and filing gives %d facts and %v", step.Verb, step.Allowed, len(facts), err)
				}
			}
			held, was := d.s, mustJSON(t, d.s)
			switch rapid.SampledFrom([]string{"require", "void", "file", "end", "resume", "pass"}).Draw(rt, "verb") {
			case "require":
				d.try(Require{Incident: "i1", Level: rapid.SampledFrom([]cad.Level{"I", "II"}).Draw(rt, "level"), Clock: clock, Since: noon}, settled)
			case "void", "end":
				settled = true
				d.try(End{Incident: "i1", Void: rapid.Bool().Draw(rt, "void")}, settled)
			case "resume":
				settled = false
				d.try(Resume{"i1"}, settled)
			case "file":
				d.try(File{Incident: "i1", Kind: rapid.SampledFrom([]Kind{First, Follow, Final}).Draw(rt, "kind"), Text: words}, settled)
			case "pass":
				for _, due := range Due(d.s) {
					if facts, _ := d.try(PassDeadline{"i1", due.Kind, due.Due}, settled); (len(facts) == 1) != !d.now.Before(due.Due) {
						rt.Fatalf("%s due %s at %s: %d facts", due.Kind, due.Due, d.now, len(facts))
					}
				}
			}
			if mustJSON(t, held) != was {
				rt.Fatal("a state that somebody holds was changed")
			}
			if len(Due(d.s)) > 1 || !slices.EqualFunc(held.Filed, d.s.Filed[:len(held.Filed)], func(a, b Filing) bool { return mustJSON(t, a) == mustJSON(t, b) }) {
				rt.Fatalf("due %v, filed %v after %v", Due(d.s), d.s.Filed, held.Filed)
			}
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
