package org

// Macro is a word of the centre's own for the command line: it stands for lines that are done one after another.
type Macro struct {
	ID    string   `json:"id"`
	Words []string `json:"words"` // What is typed, in any language.
	Lines []string `json:"lines"` // {1} is the first word behind it, {2} the second; {*} all that no other takes.
	Help  Name     `json:"help,omitempty"`
}
