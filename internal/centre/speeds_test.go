package centre_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/centre"
)

func TestSpeeds(t *testing.T) {
	day := "[" + strings.Repeat("0.9, ", 23) + "0.5]"
	for _, tt := range []struct {
		name, text string
		problem    string
		line       int
	}{
		{"by hour and as a whole", "# fitted\nprimary: " + day + "\nresidential: 0.7\n", "", 0},
		{"empty", "", "", 0},
		{"no figure", "primary: fast\n", `primary: "fast" is no factor`, 1},
		{"a percentage", "primary: 0.9\nsecondary: 80\n", `secondary: "80" is no factor`, 2},
		{"standing still", "primary: 0\n", `"0" is no factor`, 1},
		{"not a number", "primary: .nan\n", "is no factor", 1},
		{"a part of a day", "primary: [0.9, 0.8]\n", "primary has 2 factors", 1},
		{"a list", "- 0.9\n", "no list of road classes", 1},
		{"not YAML", "primary: [0.9\n", "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "speeds.yaml"), []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			f, problems := centre.Speeds(dir)
			if tt.line == 0 {
				if len(problems) > 0 || tt.text != "" && (f.At("primary", 23) != 0.5 || f.At("primary", 0) != 0.9 || f.At("residential", 12) != 0.7 || f.At("trunk", 12) != 1) {
					t.Errorf("%v, %v", f, problems)
				}
				return
			}
			if len(problems) == 0 || f != nil || problems[0].Line != tt.line || !strings.Contains(problems[0].Text, tt.problem) || problems[0].Remedy == "" {
				t.Errorf("%v, %+v", f, problems)
			}
		})
	}
	if f, problems := centre.Speeds(t.TempDir()); f != nil || problems != nil {
		t.Errorf("%v, %v", f, problems)
	}
}
