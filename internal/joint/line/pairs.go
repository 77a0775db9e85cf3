package line

import (
	"slices"
)

// readPair reads "合并 43 到 42" and "关联 42 43". Which of two lives on is never guessed.
func readPair(r *reader, p *Plan) *Reading {
	if p.Incident == "" {
		if refusal := readIncident(r, p); refusal != nil {
			return refusal
		}
	}
	r.skip("和", "与", "and", "with")
	said := slices.Contains(towards, r.peek().text)
	if refusal := readOther(r, p); refusal != nil {
		return refusal
	}
	if r.more() {
		return r.leftover()
	}
	if p.Verb == Merge && !said {
		x, y := *p, *p
		y.Incident, y.Number, y.Other, y.OtherNo = p.Other, p.OtherNo, p.Incident, p.Number
		return choose("line.which_survives", "which one survives?", Meaning{Label: "#" + number(x.OtherNo), Plan: x}, Meaning{Label: "#" + number(y.OtherNo), Plan: y})
	}
	return nil
}

// checkSplit says at once that an incident was not merged.
func (r *reader) checkSplit(p *Plan) *Reading {
	if into := r.house.Incident(p.Incident).MergedTo; into != "" {
		p.Other, p.OtherNo = into, r.house.Incident(into).Number
	}
	return nil
}

// readHandOn never takes a bare 转 for one of the two: hand it over, or tell them and stay.
func readHandOn(r *reader, p *Plan) *Reading {
	if refusal := r.fill(entryOf(Transfer).slots, p); refusal != nil {
		return refusal
	}
	over, stay := *p, *p
	over.Verb, stay.Verb = Transfer, With
	return choose("line.hand_over_or_stay", "hand it over, or tell them and stay?",
		Meaning{Label: "分流 " + p.To, Code: "line.hand_over", Params: params([]string{"to", p.To}), Plan: over},
		Meaning{Label: "联动 " + p.To, Code: "line.stay", Params: params([]string{"to", p.To}), Plan: stay})
}

// readWave reads "42 二波", "42 wave 2" and "42 加强": the next one where no number is given. It sends nobody.
func readWave(r *reader, p *Plan) *Reading {
	p.Count = max(0, slices.Index([]string{"", "", "二波", "三波", "四波", "五波"}, r.before()))
	if p.Incident == "" {
		if refusal := readIncident(r, p); refusal != nil {
			return refusal
		}
	}
	if _, ok := numeral(r.peek().text); ok && p.Count == 0 {
		if refusal := readCount(r, p); refusal != nil {
			return refusal
		}
	}
	return readText(r, p)
}

// readGrade reads "42 P1 理由".
func readGrade(r *reader, p *Plan) *Reading {
	p.To = string(priorityOf(r.before()))
	return r.fill([]slot{{kind: takesIncident}, {kind: takesText, optional: true}}, p)
}

// readAxis reads "42 一级", which says one of four things.
func readAxis(r *reader, p *Plan) *Reading {
	n := bareLevel(r.before())
	if p.Incident == "" {
		if refusal := readIncident(r, p); refusal != nil {
			return refusal
		}
	}
	return r.whichAxis(*p, n)
}

// readFeedback reads "42 反馈 终结 现场处置完毕 …". A final one says how it ended.
func readFeedback(r *reader, p *Plan) *Reading {
	result := slot{kind: takesResult, optional: true}
	if refusal := r.fill([]slot{{kind: takesIncident}, {kind: takesKind}, result, {kind: takesText, optional: true}}, p); refusal != nil {
		return refusal
	}
	if p.To == "final" && p.Result == "" {
		return unfinished("line.result", "say with which result")
	}
	return nil
}

// readUndo reads 撤回 alone as the last line, and 撤回 with units as calling them back.
func readUndo(r *reader, p *Plan) *Reading {
	if !r.more() {
		return nil
	}
	if r.seesUnit() {
		p.Verb = Recall
		if refusal := r.fill(entryOf(Recall).slots, p); refusal != nil {
			return refusal
		}
		return r.checkRecall(p)
	}
	return r.leftover()
}

// readHelp reads "help", "help send", "? 派".
func readHelp(r *reader, p *Plan) *Reading {
	if !r.more() {
		return nil
	}
	return readVerb(r, p)
}

// checkUntag is a tag less: only those that it has.
func (r *reader) checkUntag(p *Plan) *Reading {
	held := r.house.Incident(p.Incident).Tags
	for _, t := range p.Tags {
		if !slices.Contains(held, t) {
			return wrong("line.not_tagged", "#"+number(p.Number)+" has no tag "+string(t), "look at its tags", "number", number(p.Number), "tag", string(t))
		}
	}
	return nil
}
