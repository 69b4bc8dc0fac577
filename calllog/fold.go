package calllog

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	patience  = 10 * time.Minute             // between two webhooks of a caller in the menus
	talkTime  = 4*time.Hour + 15*time.Minute // of a transfer: Dial's limit and some
	mostKeys  = 128                          // characters in Record.Keys
	mostStops = 40                           // pages in Record.Trail
)

// fold is the record that a call's events add up to, in whatever order they are given.
func fold(events []Event) Record {
	slices.SortFunc(events, before)
	var r Record
	for i := range events {
		r.add(&events[i])
	}
	return r
}

// add takes in an event that is later than all that were added before, or one of a text: that
// comes when it likes, and says nothing of the call.
func (r *Record) add(e *Event) {
	r.Call = e.Call
	r.tell(e)
	if e.Kind == SMS {
		return
	}
	r.begin(e)
	r.end(e)
	r.reach(e)
	r.leave(e)
	r.visit(e)
	r.Last = e.At
	r.Language = cmp.Or(e.Language, r.Language)
	r.Offered = cmp.Or(e.Offered, r.Offered)
	r.Taken = r.Taken || e.Taken
	r.identify(e)
	r.quiet = r.Last.Add(patience)
	if e.Way == Transferred || e.Way == MemberServices {
		r.quiet = r.Last.Add(talkTime)
	}
}

// identify keeps what no event of a call changes and not every event need tell.
func (r *Record) identify(e *Event) {
	r.Stir = cmp.Or(r.Stir, e.Stir)
	r.AreaCode = cmp.Or(r.AreaCode, e.AreaCode)
	r.Directory = cmp.Or(r.Directory, e.Directory)
	if r.CallerHash == nil {
		r.CallerHash = e.CallerHash
	}
}

// begin finds the start: the first turn, or what a status callback that came before any says.
func (r *Record) begin(e *Event) {
	at := e.At
	if e.Kind == Status {
		at = at.Add(-time.Duration(e.CallSeconds) * time.Second)
	}
	if r.Started.IsZero() || r.Turns == 0 && at.Before(r.Started) {
		r.Started = at
	}
	if e.Kind == Turn || e.Kind == Fallback {
		r.Turns++
	}
}

// end finds the end: as Twilio says, else as assumed; a turn after an assumed end undoes it.
func (r *Record) end(e *Event) {
	assumed := r.CallStatus == Assumed
	switch {
	case e.Kind == Assumed && r.Ended.IsZero():
		r.Ended, r.CallStatus = r.Last, Assumed
	case e.Kind == Assumed:
	case e.ended():
		r.Ended, r.CallStatus = e.At, cmp.Or(e.CallStatus, "completed")
	case assumed:
		r.Ended, r.CallStatus = time.Time{}, e.CallStatus
	case r.Ended.IsZero():
		r.CallStatus = cmp.Or(e.CallStatus, r.CallStatus)
	}
	r.CallSeconds = max(r.CallSeconds, e.CallSeconds)
	if r.CallSeconds > 0 && !r.Ended.IsZero() {
		r.Ended = r.Started.Add(time.Duration(r.CallSeconds) * time.Second)
	}
}

// reach takes in what the event did for the caller: a line reached, a transfer ended.
func (r *Record) reach(e *Event) {
	if e.Disposition != "" {
		r.Disposition, r.TransferSeconds = e.Disposition, e.TransferSeconds
		t := Transfer{cmp.Or(e.Region, r.Region), e.Disposition, e.TransferSeconds}
		r.Transfers = append(slices.Clip(r.Transfers), t)
	}
	if e.Way == "" {
		return
	}
	if r.ToRegion == 0 {
		r.ToRegion = e.At.Sub(r.Started)
	}
	r.Way, r.Region = e.Way, cmp.Or(e.Region, r.Region)
}

// leave takes back a transfer that never was: of every one that begins an end is told, even when
// the caller hangs up while it rings, so that a call which ends without has ended before it.
func (r *Record) leave(e *Event) {
	transfer := r.Way == Transferred || r.Way == MemberServices
	if e.Kind == Status && transfer && len(r.Transfers) == 0 {
		r.Way, r.Region = "", ""
	}
}

// visit takes in what the caller did on the event's page, and where that led.
func (r *Record) visit(e *Event) {
	if e.Keys != "" && len(r.Keys)+len(e.Keys) < mostKeys {
		r.Keys = strings.TrimPrefix(r.Keys+" "+e.Keys, " ")
	}
	r.LastPage = cmp.Or(e.Next, e.Page, r.LastPage)
	switch e.Outcome {
	case Wrong:
		r.Wrong++
		r.stop(e.Page).Wrong++
	case Silence:
		r.Silences++
		r.stop(e.Page).Silences++
	}
	if e.Next != "" {
		r.stop(e.Next).Visits++
	}
}

// stop is the trail's entry of a page, the last one where the trail is full.
func (r *Record) stop(page string) *Stop {
	for i := range r.Trail {
		if r.Trail[i].Page == page {
			return &r.Trail[i]
		}
	}
	if len(r.Trail) < mostStops {
		r.Trail = append(r.Trail, Stop{Page: page})
	}
	return &r.Trail[len(r.Trail)-1]
}

// packTrail writes a trail as page:visits:silences:wrong, with spaces between.
func packTrail(trail []Stop) string {
	b := make([]byte, 0, 32*len(trail))
	for _, s := range trail {
		b = append(b, s.Page...)
		for _, n := range [...]int{s.Visits, s.Silences, s.Wrong} {
			b = strconv.AppendInt(append(b, ':'), int64(n), 10)
		}
		b = append(b, ' ')
	}
	return string(b[:max(0, len(b)-1)])
}

func unpackTrail(s string) (trail []Stop) {
	for f := range strings.FieldsSeq(s) {
		f, wrong := cutNumber(f)
		f, silences := cutNumber(f)
		f, visits := cutNumber(f)
		trail = append(trail, Stop{f, visits, silences, wrong})
	}
	return trail
}

// packTransfers writes transfers as region:disposition:seconds, with spaces between.
func packTransfers(ts []Transfer) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(" " + t.Region + ":" + t.Disposition + ":" + strconv.Itoa(t.Seconds))
	}
	return strings.TrimPrefix(b.String(), " ")
}

func unpackTransfers(s string) (ts []Transfer) {
	for f := range strings.FieldsSeq(s) {
		f, seconds := cutNumber(f)
		region, disposition, _ := strings.Cut(f, ":")
		ts = append(ts, Transfer{region, disposition, seconds})
	}
	return ts
}

// cutNumber takes the number after the last colon off s.
func cutNumber(s string) (rest string, n int) {
	i := max(0, strings.LastIndexByte(s, ':'))
	n, _ = strconv.Atoi(strings.TrimPrefix(s[i:], ":"))
	return s[:i], n
}
