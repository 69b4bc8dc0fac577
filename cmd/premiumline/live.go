package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/config"
	"premiumline/data"
	"premiumline/ivr"
	"premiumline/ops"
)

// live is the line that answers callers. A reload compiles the directory beside
// it and replaces it whole, or leaves it as it is and says why.
type live struct {
	config config.Config
	log    *slog.Logger
	now    atomic.Pointer[compiled]
	why    atomic.Pointer[string] // the newest files were not taken
	one    sync.Mutex             // a reload at a time
	news   chan struct{}          // closed by the next load
	loads  *prometheus.CounterVec
}

// compiled is a directory and its line.
type compiled struct {
	line      *ivr.Line
	directory *data.Directory
	at        time.Time
}

// newLive compiles the configured directory.
func newLive(c config.Config, log *slog.Logger, figures prometheus.Registerer) (*live, error) {
	l := &live{config: c, log: log, news: make(chan struct{}), loads: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "premiumline_directory_loads_total",
		Help: "Directories that were loaded, by result (taken, refused).",
	}, []string{"result"})}
	figures.MustRegister(l.loads)
	none := ""
	l.why.Store(&none)
	return l, l.load()
}

func (l *live) line() *ivr.Line { return l.now.Load().line }

func (l *live) version() string { return l.now.Load().directory.Version }

// load compiles the directory and takes it into use.
func (l *live) load() error {
	l.one.Lock()
	defer l.one.Unlock()
	line, directory, err := compile(l.config)
	why := ""
	if err != nil {
		why = err.Error()
		l.loads.WithLabelValues("refused").Inc()
	} else {
		l.now.Store(&compiled{line, directory, time.Now()})
		l.loads.WithLabelValues("taken").Inc()
	}
	l.why.Store(&why)
	close(l.news)
	l.news = make(chan struct{})
	return err
}

// changed returns a channel that the next load closes.
func (l *live) changed() <-chan struct{} {
	l.one.Lock()
	defer l.one.Unlock()
	return l.news
}

// reload loads the directory again; callers hear the old one where that fails.
func (l *live) reload() {
	if err := l.load(); err != nil {
		l.log.Error("the new directory was not taken, the old one goes on", "why", err.Error())
		return
	}
	l.log.Info("a new directory answers", "version", l.version())
}

// watch reloads after SIGHUP, and when files of the directory were written, until
// ctx ends.
func (l *live) watch(ctx context.Context) {
	if dir := l.config.Directory; dir != "" {
		if err := data.Watch(ctx, dir, l.log, l.reload); err != nil {
			l.log.Warn("only SIGHUP reloads the directory", "why", err.Error())
		}
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hangups)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
				l.reload()
			}
		}
	}()
}

// shown is what the operator sees of the directory in use.
func (l *live) shown() ops.Directory {
	now := l.now.Load()
	d := now.directory
	shown := ops.Directory{
		Organisation: d.Organisation, Version: d.Version, Loaded: now.at, Refused: *l.why.Load(),
	}
	first := d.Languages[0]
	for _, r := range d.Regions {
		shown.Phones = append(shown.Phones, phoneShown(r.ID, r.Name[first], r.Phone))
	}
	if m := d.MemberServices; m != nil {
		shown.Phones = append(shown.Phones, phoneShown(data.MemberServices, m.Name[first], m.Phone))
	}
	for _, line := range d.Lines {
		shown.Lines = append(shown.Lines, ops.Line{
			Key: line.Key, Name: lineShown(d, line), Regions: slices.Clone(line.Regions)})
	}
	return shown
}

func phoneShown(region, name string, p data.Phone) ops.Phone {
	return ops.Phone{Region: region, Name: name, Number: string(p.Number), Checked: p.Checked.Time}
}

// lineShown names a line of the menu by its regions.
func lineShown(d *data.Directory, line data.Line) string {
	var names []string
	for _, id := range line.Regions {
		names = append(names, d.Region(id).Name[d.Languages[0]])
	}
	return strings.Join(names, ", ")
}
