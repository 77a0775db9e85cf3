package org

import "fmt"

// macroLinesMax is how many lines one word may stand for: each is a command of its own, and the first refusal ends it.
const macroLinesMax = 8

// macros checks the centre's own words of the command line. Whether they are words of the line already, only that knows.
func (v *checker) macros(list []Macro) {
	ids, words := map[string]bool{}, map[string]bool{}
	for _, m := range list {
		field := fmt.Sprintf("settings.macros[%s]", m.ID)
		once(v, field, m.ID, ids[m.ID])
		ids[m.ID] = true
		if len(m.Words) == 0 || len(m.Lines) == 0 || len(m.Lines) > macroLinesMax {
			v.note(field, "it needs words, and one to eight lines", "write such as words: [封控], lines: [\"{1} 记 {*}\"]")
		}
		for _, w := range m.Words {
			if w == "" || words[w] {
				v.note(field+".words", fmt.Sprintf("%q is empty or given twice", w), "give each word once")
			}
			words[w] = true
		}
	}
}
