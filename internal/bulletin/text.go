package bulletin

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Text is the bulletin as an official paper in Chinese, drafted from the figures alone: no number in it is another than one
// of theirs, and what is absent is said to be absent. Whoever signs the paper reads and mends it.
func (b *Bulletin) Text() string {
	p := &drafter{Bulletin: b}
	of := "全中心"
	if b.Unit != "" {
		of = strings.TrimSpace(nameOf(b.UnitName, b.Unit))
	}
	p.line("接处警工作情况通报")
	p.line("（%s，%s至%s）", of, day(b.From), day(b.To))
	p.line("")
	p.line("一、接报警情。%s", p.counts())
	p.line("二、签收、出警与反馈。出警、反馈时间自%s起算。%s%s%s", map[Start]string{FromSent: "派警", FromSigned: "签收"}[b.Start],
		p.speed(b.Sign, "签收", "处警指令%d条", "条"), p.speed(b.Depart, "出警", "处警指令%d条", "条"), p.speed(b.Feedback, "反馈", "已派警的警情%d起", "起"))
	p.line("三、未办结警情。%s", p.open())
	p.line("四、用时较长的单位。%s", p.slow())
	p.line("五、警情类别。按接警类别：%s按反馈类别：%s%s", p.table(b.Taken, "未定类"), p.table(b.Fed, "未填"), p.differ())
	p.line("六、警情较多的地点。%s", p.table(b.Places, "不明"))
	p.line("七、上升情况。%s", p.rising())
	p.line("注：%s", p.notes())
	return p.out.String()
}

// How many of a list a paper names; the figures have all of it.
const (
	slowSaid   = 3
	risingSaid = 5
)

// drafter writes a bulletin's sentences.
type drafter struct {
	*Bulletin
	out strings.Builder
}

func (p *drafter) line(format string, args ...any) { fmt.Fprintf(&p.out, format+"\n", args...) }

// day is a moment of its own clock as papers write it.
func day(t time.Time) string {
	out := fmt.Sprintf("%s%d时", t.Format("2006年1月2日"), t.Hour())
	if t.Minute() != 0 {
		out += fmt.Sprintf("%d分", t.Minute())
	}
	return out
}

func nameOf(name, code string) string {
	if name == "" {
		name = code
	}
	switch {
	case name == "":
		return "不明"
	case name[len(name)-1] < utf8.RuneSelf: // A number follows mostly.
		return name + " "
	}
	return name
}

// stateName is a state, or why an incident does not count as valid, as papers write it.
func stateName(code string) string {
	switch code {
	case "received":
		return "待定级"
	case "classified":
		return "待派警"
	case "in_work":
		return "处置中"
	case "reported_back":
		return "已反馈待审核"
	case "reviewed":
		return "已审核待办结"
	case "invalid":
		return "无效警情"
	case "merged":
		return "重复（合并）警情"
	}
	return nameOf("", code)
}

// lackName says why a figure is absent.
func lackName(f Field) string {
	switch f {
	case Signatures:
		return "数据中无签收时间，不作统计。"
	case Departures:
		return "数据中无出警时间，不作统计。"
	case Feedbacks:
		return "数据中无反馈时间，不作统计。"
	case FedTypes:
		return "数据中无反馈类别，不作统计。"
	case States:
		return "数据中无警情状态，不作统计。"
	case Streets:
		return "数据中无地点，不作统计。"
	}
	return "不作统计。"
}

// grown says a change against another period.
func grown(what string, c Change) string {
	switch {
	case c.N == nil:
		return what + "无可比数据"
	case c.Percent == nil:
		return what + "不计增幅"
	case *c.Percent > 0:
		return fmt.Sprintf("%s上升%.1f%%", what, *c.Percent)
	case *c.Percent < 0:
		return fmt.Sprintf("%s下降%.1f%%", what, -*c.Percent)
	}
	return what + "持平"
}

// against says a change with the number that it is against.
func against(what, then string, c Change) string {
	if c.N == nil {
		return grown(what, c)
	}
	return fmt.Sprintf("%s（%s%d起）", grown(what, c), then, *c.N)
}

func (p *drafter) counts() string {
	said := func(c Compared) string {
		return fmt.Sprintf("%d起，%s，%s", c.N, against("环比", "上期", c.Before), against("同比", "去年同期", c.Year))
	}
	out := "共接报警情" + said(p.Received) + "。"
	if p.Valid.Absent != "" {
		return out + "有效警情：" + lackName(p.Valid.Absent)
	}
	out += "其中有效警情" + said(p.Valid) + "。"
	if void := each(p.Void, func(s Share) string { return fmt.Sprintf("%s%d起", stateName(s.Code), s.N) }); void != "" {
		out += "另有" + void + "。"
	}
	return out
}

// each joins what there is to say of the rows that count something.
func each(rows []Share, say func(Share) string) string {
	var out []string
	for _, s := range rows {
		if s.N > 0 {
			out = append(out, say(s))
		}
	}
	return strings.Join(out, "、")
}

// speed says the buckets and percentiles of one speed. all counts what it is about, in its measure word.
func (p *drafter) speed(s Speed, name, all, word string) string {
	if s.Absent != "" {
		return name + "：" + lackName(s.Absent)
	}
	out := name + "：" + fmt.Sprintf(all, s.All.N)
	if s.N > 0 {
		out += fmt.Sprintf("，有%s时间的%d%s", name, s.N, word)
		for _, k := range s.Buckets {
			out += fmt.Sprintf("，%s%d%s（%.1f%%）", within(k), k.N, word, k.Percent)
		}
		out += fmt.Sprintf("；中位数%s，90%%在%s以内", lasted(*s.P50S), lasted(*s.P90S))
	}
	if s.Unknown.N > 0 {
		out += fmt.Sprintf("；未%s或时间不全的%d%s", name, s.Unknown.N, word)
	}
	if s.Disorder.N > 0 {
		out += fmt.Sprintf("；时间先后有误的%d%s", s.Disorder.N, word)
	}
	return out + "。"
}

func within(k Bucket) string {
	switch {
	case k.ToS == nil:
		return "超过" + bound(k.OverS)
	case k.OverS == 0:
		return bound(*k.ToS) + "以内"
	}
	return bound(k.OverS) + "至" + bound(*k.ToS)
}

func bound(s int64) string {
	switch {
	case s%3600 == 0:
		return fmt.Sprintf("%d小时", s/3600)
	case s%60 == 0:
		return fmt.Sprintf("%d分钟", s/60)
	}
	return fmt.Sprintf("%d秒", s)
}

// lasted is a time in words, to the second.
func lasted(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case h > 0:
		return fmt.Sprintf("%d小时%d分%d秒", h, m, s)
	case m > 0:
		return fmt.Sprintf("%d分%d秒", m, s)
	}
	return fmt.Sprintf("%d秒", s)
}

func (p *drafter) open() string {
	if p.Open.Absent != "" {
		return lackName(p.Open.Absent)
	}
	out := fmt.Sprintf("截至%s，未办结警情%d起", day(p.AsOf.In(p.From.Location())), p.Open.All.N)
	if p.Open.All.N == 0 {
		return out + "。"
	}
	out += "：" + each(p.Open.States, func(s Share) string { return fmt.Sprintf("%s%d起", stateName(s.Code), s.N) }) + "。按单位："
	var cells []string
	for _, c := range p.Open.Cells {
		cells = append(cells, fmt.Sprintf("%s%s%d起", nameOf(c.Name, c.Unit), stateName(c.State), c.N))
	}
	return out + strings.Join(cells, "、") + "。"
}

func (p *drafter) slow() string {
	out := ""
	for _, s := range p.Slow {
		var units []string
		for _, u := range s.Units[:min(slowSaid, len(s.Units))] {
			units = append(units, fmt.Sprintf("%s（中位数%s，90%%在%s以内）", nameOf(u.Name, u.Unit), lasted(*u.P50S), lasted(*u.P90S)))
		}
		if len(units) > 0 {
			out += map[string]string{"sign": "签收", "depart": "出警", "feedback": "反馈"}[s.Of] + "：" + strings.Join(units, "、") + "。"
		}
	}
	if out == "" {
		return "没有单位的数据足够比较。"
	}
	return out
}

// table says the rows of a table. none is what a row without a code is called.
func (p *drafter) table(t Table, none string) string {
	if t.Absent != "" {
		return lackName(t.Absent)
	}
	out := each(t.Rows, func(s Share) string {
		more := ""
		if s.Before.N != nil {
			more = "，" + grown("环比", s.Before)
		}
		name := nameOf(s.Name, s.Code)
		if s.Code == "" {
			name = none
		}
		return fmt.Sprintf("%s%d起（%.1f%%%s）", name, s.N, s.Percent, more)
	})
	if out == "" {
		return "无。"
	}
	if t.Rest != nil && t.Rest.N > 0 {
		out += fmt.Sprintf("、其他%d起", t.Rest.N)
	}
	return out + "。"
}

func (p *drafter) differ() string {
	if p.Changed == nil {
		return ""
	}
	return fmt.Sprintf("两者均有而不一致的%d起。", p.Changed.N)
}

func (p *drafter) rising() string {
	if p.Received.Before.N == nil {
		return "无上期数据，不作比较。"
	}
	var out []string
	for _, r := range p.Rising[:min(risingSaid, len(p.Rising))] {
		out = append(out, fmt.Sprintf("%s%d起，比上期多%d起（%s）", nameOf(r.Name, r.Code), r.N, r.More, grown("环比", r.Before)))
	}
	if len(out) == 0 {
		return "无。"
	}
	return strings.Join(out, "；") + "。"
}

func (p *drafter) notes() string {
	of := map[string]string{"valid": "有效警情", "received": "接报警情"}[p.Basis]
	short := ""
	if !p.Over {
		short = fmt.Sprintf("记录截至%s，早于统计期末，环比、同比仅供参考；", day(p.AsOf.In(p.From.Location())))
	}
	return short + fmt.Sprintf("类别、地点按%s统计；恰在界限上的时间计入较短一档；百分位数按最近秩取值；签收、出警计入出警人员所属单位，其余计入管辖单位；时间为%s时间。", of, p.Zone)
}
