package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"premiumline/phone"
)

// saved is a call as a test.
type saved struct {
	Is      string `json:"is"`
	Name    string `json:"name"`    // of the file
	Text    string `json:"text"`    // what the file holds
	Differs string `json:"differs"` // where the test goes otherwise than the call; ""
}

// save answers with the call as a transcript, as ivr's tests of calls would write
// it: made by placing the call once more, which also tells whether it can be.
func (d *desk) save(ctx context.Context, r request) (any, error) {
	if d.call == nil {
		return nil, refuse("", "there is no call to save: make one first")
	}
	name := r.Name
	if name == "" {
		name = d.suggestion()
	}
	if !fileForm.MatchString(name) {
		return nil, refuse("name", "%q is no name for a test: lower-case words and hyphens, "+
			"transfer-busy.txt", name)
	}
	text := d.call.Transcript()
	if about := squeeze(r.Text); about != "" {
		text = "# " + about + "\n\n" + text
	}
	transcript, err := phone.ParseTranscript(name, text)
	if err != nil {
		return nil, fmt.Errorf("the call cannot be written as a test: %w", err)
	}
	_, got, err := transcript.Replay(ctx, d.options.Phone, d.options.Logged)
	var failed *phone.WebhookError
	if err != nil && !errors.As(err, &failed) {
		return nil, fmt.Errorf("the call cannot be made again: %w", err)
	}
	return saved{"saved", name, got, firstOf(differences(withoutLogs(text), withoutLogs(got)))}, nil
}

// suggestion is a name for the test: the page that the call came to.
func (d *desk) suggestion() string {
	name := strings.NewReplacer("/", "-", ".", "-").Replace(d.page(""))
	return strings.Trim(strings.TrimPrefix(name, "en-")+".txt", "-")
}

// replayed is a transcript that was carried out.
type replayed struct {
	Is    string     `json:"is"`
	Name  string     `json:"name"`
	Lines []textLine `json:"lines"`
	Same  bool       `json:"same"` // all went as the file says
	Error string     `json:"error"`
	Call  any        `json:"call"` // the state
}

// textLine is a line of the file and of what happened.
type textLine struct {
	Text string `json:"text"`
	Kind string `json:"kind"` // same; missing: only the file has it; new: only the call
}

// replay places the call of a transcript, which is then the tab's own.
func (d *desk) replay(ctx context.Context, r request) (any, error) {
	if strings.Count(r.Text, "\n") > longestTest {
		return nil, refuse("file", "%s has more than %d lines: a transcript is of one call",
			r.Name, longestTest)
	}
	transcript, err := phone.ParseTranscript(r.Name, r.Text)
	if err != nil {
		return nil, refuse("file", "this is no transcript of a call: %v", err)
	}
	d.close(ctx)
	call, got, err := transcript.Replay(ctx, d.options.Phone, d.options.Logged)
	d.take(call, "")
	answer := replayed{Is: "replayed", Name: r.Name, Lines: differences(r.Text, got)}
	answer.Same = err == nil && firstOf(answer.Lines) == ""
	if err != nil {
		answer.Error = err.Error()
	}
	answer.Call, err = d.state(nil)
	return answer, err
}

// longestTest is how many lines of a transcript are set beside what happened.
const longestTest = 2000

func withoutLogs(text string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool {
		return strings.HasPrefix(l, "logged")
	}), "\n")
}

// firstOf is the first line that is not the same; "": all are.
func firstOf(lines []textLine) string {
	for _, l := range lines {
		if l.Kind != "same" {
			return l.Text
		}
	}
	return ""
}

// differences sets two texts beside each other: the lines of their longest common
// part are the same, the others stand where they came.
func differences(want, got string) (lines []textLine) {
	a, b := linesOf(want), linesOf(got)
	common := commonParts(a, b)
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			lines = append(lines, textLine{b[j], "same"})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			lines = append(lines, textLine{a[i], "missing"})
			i++
		default:
			lines = append(lines, textLine{b[j], "new"})
			j++
		}
	}
	return lines
}

// linesOf is the lines of a transcript, white space made one.
func linesOf(text string) []string {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	for i, l := range lines {
		word, rest, _ := strings.Cut(strings.TrimSpace(l), " ")
		if lines[i] = strings.TrimSpace(l); !strings.HasPrefix(l, "#") {
			lines[i] = strings.TrimSpace(fmt.Sprintf("%-6s %s", word, squeeze(rest)))
		}
	}
	return lines
}

// commonParts is the lengths of the longest common parts of what is left of a and b.
func commonParts(a, b []string) [][]int {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if length[i][j] = max(length[i+1][j], length[i][j+1]); a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	return length
}
