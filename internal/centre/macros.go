package centre

import (
	"fmt"

	"shuniu/internal/joint/line"
	"shuniu/internal/org"
)

// wordsFile is commands.yaml.
type wordsFile struct {
	Commands []macroEntry `yaml:"commands"`
}

// macroEntry is a word that stands for lines of the command line.
type macroEntry struct {
	ID string `yaml:"id"`
	label

	Words []string `yaml:"words"`
	Lines []string `yaml:"lines"` // {1} is the first word behind it, {*} all that is left.
}

// macros takes the centre's own words. One that is a word of the line already would make a line mean two things.
func (l *loader) macros(f wordsFile) {
	for i, e := range f.Commands {
		s := spot{wordsYAML, fmt.Sprintf("commands[%d]", i)}
		l.alias[fmt.Sprintf("settings.macros[%s]", e.ID)] = s
		for _, w := range e.Words {
			if line.Taken(w) {
				l.note(s, fmt.Sprintf("%q means something in the command line already", w), "choose another word; help in the command line lists those that are taken")
			}
		}
		l.charter.Settings.Macros = append(l.charter.Settings.Macros, org.Macro{ID: e.ID, Words: e.Words, Lines: e.Lines, Help: e.name()})
	}
}
