package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// panel is one figure of all contestants as bars.
type panel struct {
	title  string
	value  func(*figures) float64
	format string
}

var panels = []panel{
	{"CPU time a webhook, µs", func(f *figures) float64 { return f.CPU }, "%.0f"},
	{"p99 at 2,000 webhooks a second (fewer where that is too many), ms", func(f *figures) float64 { return f.P99 / 1000 }, "%.2f"},
	{"memory under load, MiB", func(f *figures) float64 { return f.Loaded }, "%.0f"},
}

// Measures of the chart, in pixels.
const (
	chartWidth  = 760
	nameWidth   = 330
	barsWidth   = 330
	rowHeight   = 24
	panelHead   = 44
	barHeight   = 14
	chartBottom = 40
)

// style holds both colour schemes: the README is read in either.
const style = `<style>
text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}
.small{font-size:11px;fill:#57606a}
.ours{fill:#0969da}.theirs{fill:#afb8c1}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#8b949e}
.ours{fill:#58a6ff}.theirs{fill:#57606a}}
</style>
`

// chart is the results as an SVG: a panel a figure, a bar a contestant, shorter is
// better.
func (r *results) chart() string {
	height := len(panels)*(panelHead+rowHeight*len(r.Contestants)) + chartBottom
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" `+
		`width="%d" height="%d" role="img" aria-label="What answering a webhook costs, compared">`+"\n",
		chartWidth, height, chartWidth, height)
	b.WriteString(style)
	top := 0
	for _, p := range panels {
		p.draw(&b, r.Contestants, top)
		top += panelHead + rowHeight*len(r.Contestants)
	}
	about := fmt.Sprintf("%s; %s; %s; medians of %d rounds", r.Date, r.Machine, r.Go, r.Rounds)
	fmt.Fprintf(&b, `<text class="small" x="8" y="%d">%s</text>`+"\n</svg>\n",
		height-14, html.EscapeString(about))
	return b.String()
}

// draw writes the panel from top on. Its scale is logarithmic where the longest bar
// would leave nothing to see of the shortest.
func (p panel) draw(b *strings.Builder, all []*figures, top int) {
	scale, how := p.scale(all)
	fmt.Fprintf(b, `<text class="title" x="8" y="%d">%s<tspan class="small"> %s</tspan></text>`,
		top+28, html.EscapeString(p.title), how)
	for i, f := range all {
		y := top + panelHead + i*rowHeight
		class := "theirs"
		if strings.HasPrefix(f.About, "premiumline") {
			class = "ours"
		}
		width := scale(p.value(f))
		fmt.Fprintf(b, `<text x="8" y="%d">%s</text>`, y+12, html.EscapeString(f.About))
		fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`,
			class, nameWidth, y, width, barHeight)
		fmt.Fprintf(b, `<text x="%.1f" y="%d">`+p.format+"</text>\n", nameWidth+width+6, y+12, p.value(f))
	}
}

// widest is the ratio of two bars from which on the scale is logarithmic.
const widest = 20

// scale returns the length of a bar, and what there is to say of the scale.
func (p panel) scale(all []*figures) (length func(float64) float64, how string) {
	least, most := math.Inf(1), 0.0
	for _, f := range all {
		if v := p.value(f); v > 0 {
			least, most = min(least, v), max(most, v)
		}
	}
	if most == 0 {
		return func(float64) float64 { return 0 }, ""
	}
	if most/least < widest {
		return func(v float64) float64 { return v / most * barsWidth }, ""
	}
	from := math.Pow(10, math.Floor(math.Log10(least)-0.3))
	return func(v float64) float64 {
		return math.Log(max(v, from)/from) / math.Log(most/from) * barsWidth
	}, "(logarithmic)"
}
