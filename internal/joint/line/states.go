package line

import (
	"slices"
	"strings"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/org"
)

// UnitWord is what a unit may say of itself, and its words.
type UnitWord struct {
	ID string `json:"id"` // A stage of its order, or its duty.
	Words

	Initials []string `json:"initials"` // Of its Chinese words: states are found by them, verbs never.
}

// states are what a unit says.
var states = []UnitWord{
	{"acknowledged", Words{[]string{"签收"}, []string{"ack"}}, []string{"qs"}},
	{"en_route", Words{[]string{"出发", "赶赴"}, []string{"go", "enroute"}}, []string{"cf", "gf"}},
	{"staged", Words{[]string{"待命"}, []string{"staged"}}, []string{"dm"}},
	{"on_scene", Words{[]string{"到达", "到场"}, []string{"there", "onscene"}}, []string{"dd", "dc"}},
	{"transporting", Words{[]string{"带离"}, []string{"transport"}}, []string{"dl"}},
	{"at_facility", Words{[]string{"送达"}, []string{"facility"}}, []string{"sd"}},
	{"available", Words{[]string{"恢复", "处置完毕", "完毕"}, []string{"free"}}, []string{"hf", "wb"}},
	{"unavailable", Words{[]string{"暂停"}, []string{"out"}}, []string{"zt"}},
	{"off_duty", Words{[]string{"下勤"}, []string{"off"}}, []string{"xq"}},
	{"desk_signed", Words{[]string{"所签"}, []string{"desk"}}, nil},
}

// States are the words of units, for help and papers.
func States() []UnitWord { return states }

func stateOf(w string) *UnitWord {
	for i, s := range states {
		if slices.Contains(s.ZH, w) || slices.Contains(s.EN, w) || slices.Contains(s.Initials, w) {
			return &states[i]
		}
	}
	return nil
}

// isDone is a word that says that a crew is done and not what with.
func isDone(w string) bool { return w == "完" || w == "完成" || w == "done" }

// says reads what may follow a unit's word: the incident that it is about, and why it is out.
func (r *reader) says(p Plan, s *UnitWord) Reading {
	p.Verb, p.To = Say, s.ID
	if s.ID == "unavailable" {
		if p.Text = r.takeRest(); p.Text == "" {
			return *unfinished("line.reason", "say why it is out: meal, fuel, fault")
		}
		return ready(p)
	}
	r.skip(towards...)
	if r.more() {
		id, n, isNumber := r.incident()
		switch {
		case !isNumber || r.more():
			return *r.leftover()
		case id == "":
			return *noIncident(n)
		}
		p.Incident, p.Number = id, n
	}
	return ready(p)
}

// stateFirst reads "到达" and "到达 101": without a unit it asks which, of those whose next word it may be.
func (r *reader) stateFirst(s *UnitWord) Reading {
	if units := r.units(); len(units) > 0 {
		return r.says(Plan{Units: units}, s)
	}
	if r.more() && !slices.Contains(towards, r.peek().text) {
		return *r.unknownUnit()
	}
	var may []cad.UnitID
	for id, u := range r.house.Units {
		if !u.Retired && r.mayBe(id, s.ID) {
			may = append(may, id)
		}
	}
	slices.Sort(may)
	if len(may) == 0 {
		return *unfinished("line.unit", "say which unit")
	}
	var out []Meaning
	for _, id := range may {
		m := Meaning{Label: string(id), Plan: Plan{Verb: Say, Units: []cad.UnitID{id}, To: s.ID}}
		if stack := r.house.Stack(id); len(stack) > 0 {
			m.Label += " #" + number(r.house.Incident(stack[0].Incident).Number)
		}
		if s.ID == "unavailable" {
			m.Plan = Plan{Verb: Open, Units: []cad.UnitID{id}, Then: string(id) + " " + s.ZH[0] + " "}
		}
		out = append(out, m)
	}
	return *choose("line.which_unit", "which unit?", out...)
}

// mayBe reports whether a state may be the next word of a unit.
func (r *reader) mayBe(id cad.UnitID, state string) bool {
	stack := r.house.Stack(id)
	if len(stack) > 0 {
		now, to := stack[0].Stage, assignment.Stage(state)
		return state == "available" && now == assignment.OnScene || now != to && state != "available" && natural(now, to)
	}
	duty := string(r.house.Units[id].Duty)
	return state == "available" && duty != "available" && duty != "" || state != "available" && (state == "unavailable" || state == "off_duty") && duty == "available"
}

// natural are the steps that follow each other by themselves, without leaving one out.
func natural(from, to assignment.Stage) bool {
	switch from {
	case assignment.Dispatched:
		return to == assignment.Acknowledged
	case assignment.Acknowledged:
		return to == assignment.EnRoute
	case assignment.EnRoute, assignment.Staged:
		return to == assignment.OnScene || to == assignment.Staged
	case assignment.OnScene:
		return to == assignment.Transporting
	case assignment.Transporting:
		return to == assignment.AtFacility
	case assignment.AtFacility, assignment.Cleared:
	}
	return false
}

// done never takes a bare 完 for one of two: free again, or free again and the feedback is written.
func (r *reader) done(units []cad.UnitID) Reading {
	free := Plan{Verb: Say, Units: units, To: "available"}
	report := free
	if stack := r.house.Stack(units[0]); len(stack) > 0 {
		report.Number = r.house.Incident(stack[0].Incident).Number
		report.Incident = stack[0].Incident
		report.Then = number(report.Number) + " 反馈 终结 "
	}
	out := []Meaning{{Label: "恢复", Code: "line.just_free", Plan: free}}
	if report.Then != "" {
		out = append(out, Meaning{Label: "恢复 + 反馈", Code: "line.free_and_report", Params: params([]string{"number", number(report.Number)}), Plan: report})
	}
	return *choose("line.which_done", "available only, or available and the feedback?", out...)
}

// priorityOf is a priority as it is written: p1, P1; empty of every other word.
func priorityOf(w string) cad.Priority {
	if p := cad.Priority(strings.ToUpper(w)); p != "" && p.Valid() {
		return p
	}
	return ""
}

// bareLevel is the number of a bare "level one", which may be one of four axes; 0 of every other word.
func bareLevel(w string) int {
	return max(0, slices.Index([]string{"", "一级", "二级", "三级", "四级"}, w))
}

// levels are the event levels, from the largest.
var levels = []cad.Level{"", "I", "II", "III", "IV"}

// levelOf reads an event level: II, Ⅱ, 2, 二级.
func levelOf(w string) cad.Level {
	for i, l := range levels[1:] {
		if w == strings.ToLower(string(l)) || w == []string{"ⅰ", "ⅱ", "ⅲ", "ⅳ"}[i] || w == number(int64(i+1)) || bareLevel(w) == i+1 {
			return l
		}
	}
	return ""
}

// whichAxis never takes a bare "level one" for one of the four axes.
func (r *reader) whichAxis(p Plan, n int) *Reading {
	p.Text = r.takeRest()
	as, size := p, p
	as.Verb, as.To = Priority, "P"+number(int64(n))
	size.Verb, size.Level = Level, levels[n]
	return choose("line.which_axis", "priority, or event level?",
		Meaning{Label: as.To, Code: "line.as_priority", Params: params([]string{"to", as.To}), Plan: as},
		Meaning{Label: []string{"", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"}[n], Code: "line.as_level", Params: params([]string{"to", []string{"", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"}[n]}), Plan: size})
}

// kinds are the words for the kinds of feedback.
var kinds = []named{
	{id: string(incident.First), names: []string{"first", "初次", "first", "初"}},
	{id: string(incident.Supplementary), names: []string{"supplementary", "补充", "more", "补"}},
	{id: string(incident.Final), names: []string{"final", "终结", "final", "终"}},
}

// namesOf are all ways to call something that has an id and a name.
func namesOf(id string, n org.Name) named {
	return named{id: id, names: []string{id, n["zh"], n["en"]}}
}
