package line

import (
	"slices"
	"strings"
	"sync"

	"shuniu/internal/org"
)

// Words are the words of one thing, by language. The first of each is the one that is shown.
type Words struct {
	ZH []string `json:"zh"`
	EN []string `json:"en"`
}

// Verb is one verb of the line: its words, what it wants to know, and how it is shown.
type Verb struct {
	ID      string   `json:"id"`
	Words   Words    `json:"words"`
	Form    org.Name `json:"form" doc:"How it is written."`
	Example org.Name `json:"example" doc:"A whole line."`
	Does    string   `json:"does" doc:"For the catalogues: what it does."`
	Button  string   `json:"button,omitempty" doc:"The verb of next that it is; {units}, {number}, {unit} and {place} stand in how."`
	How     org.Name `json:"how,omitempty" doc:"The line that does what the button does."`

	slots []slot
	after bool // Only behind its subject.
}

// lead is what a line began with before its verb.
type lead string

const (
	leadNone     lead = ""
	leadUnits    lead = takesUnits
	leadIncident lead = takesIncident
)

// takes reports whether the verb may stand behind such a beginning.
func (e *Verb) takes(l lead) bool {
	if l == leadNone {
		return !e.after
	}
	return slices.ContainsFunc(e.slots, func(s slot) bool { return s.kind == string(l) })
}

// verbs is the table. It is made once, because it and the readers name each other.
var verbs = sync.OnceValue(func() []Verb {
	all := slices.Concat(sendingVerbs(), unitVerbs(), incidentVerbs(), gradingVerbs(), pairVerbs(), otherVerbs())
	for i := range all {
		all[i].Does = "line.does." + all[i].ID
	}
	return all
})

// Grammar is every verb of the line, in the order of the papers.
func Grammar() []Verb {
	out := slices.Clone(verbs())
	for i := range out {
		if out[i].ID != Say {
			continue
		}
		for _, s := range states { // What a unit says are its verbs.
			out[i].Words.ZH = append(out[i].Words.ZH, s.ZH[0])
			out[i].Words.EN = append(out[i].Words.EN, s.EN[0])
		}
	}
	return out
}

func entryOf(id string) *Verb {
	i := slices.IndexFunc(verbs(), func(e Verb) bool { return e.ID == id })
	return &verbs()[i]
}

// exact finds a verb that is typed out, where it may stand. 增援 is the word of a crew and of an incident: what follows it
// decides.
func (r *reader) exact(w string, l lead) *Verb {
	var found []*Verb
	for i := range verbs() {
		if e := &verbs()[i]; e.takes(l) && (slices.Contains(e.Words.ZH, w) || slices.Contains(e.Words.EN, w)) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return nil
	}
	if _, unitNext := r.signs[r.ahead(1).text]; l == leadNone && len(found) > 1 {
		for _, e := range found {
			if e.takes(leadUnits) == unitNext {
				return e
			}
		}
	}
	return found[0]
}

// beginning is a verb or a state that an English prefix may stand for.
type beginning struct {
	word  string
	entry *Verb
	state *UnitWord
}

// prefixMin is the least number of letters that a verb is known by.
const prefixMin = 2

// begin finds what an English prefix may stand for. Words of the same meaning count once.
func begin(w string, l lead) []beginning {
	var out []beginning
	if len(w) < prefixMin || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
		return nil
	}
	for i := range verbs() {
		e := &verbs()[i]
		if n := slices.IndexFunc(e.Words.EN, func(x string) bool { return strings.HasPrefix(x, w) }); n >= 0 && e.takes(l) {
			out = append(out, beginning{word: e.Words.EN[n], entry: e})
		}
	}
	if l == leadUnits {
		for i := range states {
			if n := slices.IndexFunc(states[i].EN, func(x string) bool { return strings.HasPrefix(x, w) }); n >= 0 {
				out = append(out, beginning{word: states[i].EN[n], state: &states[i]})
			}
		}
	}
	return out
}

func in(zh, en string) org.Name { return org.Name{"zh": zh, "en": en} }

func words(zh, en string) Words { return Words{ZH: strings.Fields(zh), EN: strings.Fields(en)} }

// need and may are slots that must be, and that can be filled.
func need(kind string) slot { return slot{kind: kind} }

func may(kind string) slot { return slot{kind: kind, optional: true} }

func sendingVerbs() []Verb {
	going := []slot{need(takesUnits), need(takesIncident), may(takesText)}
	return []Verb{
		{
			ID: Send, Words: words("派 增派 加派", "send dispatch add"), slots: going,
			Form: in("派 单元… 去 警情 [排队]", "send UNIT… to INCIDENT [stack]"), Example: in("派 101 102 去 42", "send e06 101 to 42"),
			Button: "dispatch", How: in("派 {units} 去 {number}", "send {units} to {number}"),
		},
		{
			ID: Reassign, Words: words("改派", "reassign"), slots: going,
			Form: in("改派 单元… 去 警情 [理由 …]", "reassign UNIT… to INCIDENT [reason …]"), Example: in("改派 103 去 42 理由 危及生命", "reassign 103 to 42 reason life in danger"),
		},
		{
			ID: Recall, Words: words("召回 撤回派警", "recall"), slots: []slot{need(takesUnits), may(takesIncident), may(takesText)},
			Form: in("召回 单元… [从 警情] [理由]", "recall UNIT… [from INCIDENT] [reason]"), Example: in("召回 103 已控制", "recall 103 under control"),
			Button: "recall", How: in("召回 {units}", "recall {units}"),
		},
		{
			ID: Wave, Words: words("加强 增援 二波 三波 四波 五波", "wave"), slots: []slot{need(takesIncident), may(takesCount), may(takesText)},
			Form: in("警情 加强 [第几波]", "INCIDENT wave [n]"), Example: in("42 加强", "42 wave 2"),
			Button: "raise_wave", How: in("{number} 加强", "{number} wave"),
		},
		{
			ID: Near, Words: words("最近", "near"), slots: []slot{need(takesIncident), may(takesUnitKind)},
			Form: in("最近 警情 [种类]", "near INCIDENT [kind]"), Example: in("最近 42 特警", "near 42 car"),
		},
	}
}

func unitVerbs() []Verb {
	one := []slot{need(takesUnits)}
	return []Verb{
		{
			ID: Say, after: true, slots: []slot{need(takesUnits), need(takesState), may(takesIncident), may(takesText)},
			Form: in("单元… 状态", "UNIT… STATE"), Example: in("101 到达", "e06 there"),
		},
		{
			ID: Backup, Words: words("增援", "backup"), slots: []slot{need(takesUnits), may(takesCount), may(takesText)},
			Form: in("单元 增援 [几个车组]", "UNIT backup [crews]"), Example: in("103 增援 2", "103 backup 2"),
		},
		{
			ID: Duress, Words: words("遇险", "sos duress"), slots: []slot{need(takesUnits), may(takesText)},
			Form: in("遇险 单元 [情况]", "sos UNIT [words]"), Example: in("遇险 101", "sos e06"),
		},
		{
			ID: Safe, Words: words("解除遇险", "safe"), slots: []slot{need(takesUnits), may(takesText)},
			Form: in("解除遇险 单元 [情况]", "safe UNIT [words]"), Example: in("解除遇险 101 误触", "safe e06 pressed by mistake"),
		},
		{ID: Lost, Words: words("失联", "lost"), slots: one, Form: in("失联 单元", "lost UNIT"), Example: in("失联 101", "lost e06")},
		{ID: Found, Words: words("恢复联系", "heard"), slots: one, Form: in("恢复联系 单元", "heard UNIT"), Example: in("恢复联系 101", "heard e06")},
		{
			ID: Standby, Words: words("备勤", "standby"), slots: []slot{need(takesUnits), need(takesPost)},
			Form: in("单元… 备勤 @点位", "UNIT… standby @post"), Example: in("101 备勤 @站前广场", "e06 standby @Station Square"),
			Button: "standby", How: in("{unit} 备勤 @{place}", "{unit} standby @{place}"),
		},
		{
			ID: CallOff, Words: words("结束备勤", "unstandby"), slots: one, Form: in("单元… 结束备勤", "UNIT… unstandby"), Example: in("101 结束备勤", "e06 unstandby"),
			Button: "end_standby", How: in("{unit} 结束备勤", "{unit} unstandby"),
		},
	}
}

func incidentVerbs() []Verb {
	worded := func(id, zh, en string, required bool, formZh, formEn, exZh, exEn string) Verb {
		tail := ""
		if required {
			tail = " …"
		}
		return Verb{
			ID: id, Words: words(zh, en), slots: []slot{need(takesIncident), {kind: takesText, optional: !required}}, Form: in(formZh, formEn), Example: in(exZh, exEn), Button: id,
			How: in(strings.Fields(zh)[0]+" {number}"+tail, strings.Fields(en)[0]+" {number}"+tail),
		}
	}
	note := worded(Note, "记", "note", true, "警情 记 内容", "INCIDENT note words", "42 记 嫌疑人往江边跑", "42 note he ran to the river")
	note.How = in("{number} 记 …", "{number} note …")
	return []Verb{
		{
			ID: New, Words: words("新警", "new"), slots: []slot{need(takesType), may(takesPlace), may(takesText)},
			Form: in("新警 类别 @地点 [P1] [情况]", "new TYPE @place [P1] [words]"), Example: in("新警 持刀伤人 @汀兰路12号 P1 两人持刀", "new knife @12 Tinglan Rd P1 two men"),
		},
		note,
		worded(Review, "审核", "review", false, "审核 警情 [意见]", "review INCIDENT [words]", "审核 42", "review 42"),
		worded(Return, "退回", "return", true, "退回 警情 补正什么", "return INCIDENT what to correct", "退回 42 缺少到场时间", "return 42 no time of arrival"),
		worded(Reopen, "重开", "reopen", true, "重开 警情 理由", "reopen INCIDENT why", "重开 42 又打起来了", "reopen 42 they fight again"),
		worded(Invalid, "无效", "invalid", true, "无效 警情 理由", "invalid INCIDENT why", "无效 42 误报", "invalid 42 by mistake"),
		{
			ID: Close, Words: words("办结", "close"), slots: []slot{need(takesIncident), may(takesResult)}, Form: in("办结 警情 [结果]", "close INCIDENT [result]"),
			Example: in("办结 42", "close 42"), Button: "close", How: in("办结 {number}", "close {number}"),
		},
		{
			ID: Feedback, Words: words("反馈", "feedback report"), slots: []slot{need(takesIncident), need(takesKind), may(takesResult), may(takesText)},
			Form: in("警情 反馈 初次|补充|终结 [结果] [内容]", "INCIDENT feedback first|more|final [result] [words]"), Example: in("42 反馈 终结 现场处置完毕 双方离开", "42 feedback final resolved both left"),
			Button: "feedback", How: in("{number} 反馈 初次 …", "{number} feedback first …"),
		},
		{
			ID: HandOver, Words: words("移交", "handover"), slots: []slot{need(takesIncident), need(takesSeat)}, Form: in("移交 警情 给 席位", "handover INCIDENT to SEAT"),
			Example: in("移交 42 给 22席", "handover 42 to seat 22"), Button: "handover", How: in("移交 {number} 给 22席", "handover {number} to seat 22"),
		},
		worded(Urge, "催警", "urge", false, "催警 警情 [内容]", "urge INCIDENT [words]", "催警 42 又来电", "urge 42 she called again"),
		{
			ID: Chase, Words: words("催", "chase"), slots: []slot{need(takesIncident), may(takesUnits), may(takesStation)},
			Form: in("催 [派出所|单元] 警情", "chase [STATION|UNIT] INCIDENT"), Example: in("催 40", "chase 40"), Button: "chase", How: in("催 {number}", "chase {number}"),
		},
		{
			ID: Locate, Words: words("定位", "locate"), slots: []slot{need(takesIncident), need(takesPlace)}, Form: in("定位 警情 @地点", "locate INCIDENT @place"),
			Example: in("定位 42 @汀兰路12号", "locate 42 @12 Tinglan Rd"), Button: "locate", How: in("定位 {number} @…", "locate {number} @…"),
		},
	}
}
