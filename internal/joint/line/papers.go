package line

import (
	"fmt"
	"strings"
)

// Papers is docs/COMMANDS.md: the grammar as people read it on paper. It is made from the table, and a test holds the file
// against it.
func Papers() string {
	var b strings.Builder
	b.WriteString("# The command line\n\nMade from the table of the grammar (internal/joint/line); `go test ./internal/joint/line -papers` writes it anew.\n\n")
	b.WriteString("Full-width signs, missing spaces, 去/到/至, Chinese numerals and radio digits (洞幺两三四五六拐八勾) are taken. Three digits are a unit;\n")
	b.WriteString("`#42` or `42号警` is an incident, a bare number only behind 去/到 or at the start of a line. Parts may come in any order. The\n")
	b.WriteString("beginning of an English verb is enough if only one begins so, and what it stands for is shown before Enter does it. Initials of\n")
	b.WriteString("Chinese sounds find units' states and names (`101 dd`, `催 sbs 42`), never verbs. What has several meanings is numbered and waits for\n")
	b.WriteString("a digit. The Enter that commits composed text never executes.\n\n")
	b.WriteString("| 中文 | English | 写法 | written | 例 | example |\n|---|---|---|---|---|---|\n")
	for _, v := range verbs() {
		if v.ID == Say {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", cell(v.Words.ZH...), cell(v.Words.EN...), cell(v.Form["zh"]), cell(v.Form["en"]), code(v.Example["zh"]), code(v.Example["en"]))
	}
	b.WriteString("\n## What a unit says: `101 到达`, `e06 there`\n\n| 中文 | English | 首字母 initials | state |\n|---|---|---|---|\n")
	for _, s := range states {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(s.ZH...), cell(s.EN...), cell(s.Initials...), s.ID)
	}
	b.WriteString("\n## Taking back\n\n`撤回`/`undo` takes back the last line of this seat for five minutes, as a command of its own: a dispatch by a recall (not once\n")
	b.WriteString("somebody has arrived), a reassignment by sending back, a merge by a split, a grade by the one before, a close by reopening, a new\n")
	b.WriteString("incident as invalid, an order by revoking it. What was written down or told to others stays, and the line says so.\n")
	b.WriteString("\n## Words of a centre\n\nA centre's commands.yaml gives words that stand for several lines; `{1}` is the first word behind it, `{*}` all that is left. They are\n")
	b.WriteString("done one after another, and the first refusal ends them.\n")
	return b.String()
}

func cell(words ...string) string { return strings.ReplaceAll(strings.Join(words, " "), "|", "\\|") }

func code(s string) string { return "`" + cell(s) + "`" }
