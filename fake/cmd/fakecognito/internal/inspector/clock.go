package inspector

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// step is a move of the clock that a button makes.
type step struct {
	Label   string
	Seconds int
}

// clockPage is what the page of the clock shows beside the time.
type clockPage struct {
	Apart string // how far the clock is from this machine's, or ""
	Local string // the time as the input for a moment has it
	Steps []step
	Units []step
}

// momentLayout is how browsers send the value of an input for a moment, which may lack the seconds.
const momentLayout = "2006-01-02T15:04:05"

// units are those in which the clock is moved.
func units() []step {
	return []step{{"seconds", 1}, {"minutes", 60}, {"hours", 60 * 60}, {"days", 24 * 60 * 60}}
}

// clock shows the server's time.
func (i *inspector) clock(*http.Request) (view, error) {
	c := i.server.ReadClock()
	p := clockPage{
		Local: c.Now.Format(momentLayout), Units: units(),
		Steps: []step{{"3 minutes", 180}, {"1 hour", 3600}, {"1 day", 86400}, {"7 days", 7 * 86400}, {"30 days", 30 * 86400}},
	}
	switch apart := c.Now.Sub(c.Base); {
	case apart >= time.Second:
		p.Apart = span(apart) + " ahead of this machine"
	case apart <= -time.Second:
		p.Apart = span(apart) + " behind this machine"
	}
	return view{name: "clock", title: "Clock", data: p}, nil
}

// changeClock moves, stops or starts the clock.
func (i *inspector) changeClock(r *http.Request) (string, error) {
	done, field := "moved", "moment"
	var err error
	switch c := i.server.ReadClock(); r.PostFormValue("action") {
	case "step":
		err = i.advance(r.PostFormValue("seconds"), "1")
		field = "amount"
	case "advance":
		err = i.advance(r.PostFormValue("amount"), r.PostFormValue("unit"))
		field = "amount"
	case "set":
		err = i.toMoment(r.PostFormValue("moment"), i.server.SetTime)
	case "freeze":
		done, err = "frozen", i.toMoment(r.PostFormValue("moment"), i.server.Freeze)
	case "stop":
		i.server.Freeze(c.Now)
		done = "frozen"
	case "go":
		i.server.SetTime(c.Now)
		done = "going"
	case "reset":
		i.server.SetTime(c.Base)
	default:
		return "", errNoPage
	}
	return link("clock", "done", done), at(field, err)
}

// What the forms of the clock want.
const (
	wantAmount advice = "Give a number that leaves the clock within 200 years of this machine’s, such as 90. A negative one moves it back."
	wantMoment advice = "Give a date and a time within 200 years of this machine’s, such as 2030-01-31T12:00:00."
)

// advance moves the clock by an amount of a unit, which is a number of seconds.
func (i *inspector) advance(amount, unit string) error {
	n, err := strconv.ParseFloat(amount, 64)
	size, errUnit := strconv.Atoi(unit)
	d, ok := duration(n * float64(size))
	if err != nil || errUnit != nil || !ok || !i.reaches(i.server.Now().Add(d)) {
		return wantAmount
	}
	i.server.Advance(d)
	return nil
}

// toMoment has the clock go to a moment in UTC.
func (i *inspector) toMoment(text string, move func(time.Time)) error {
	moment, err := time.Parse(momentLayout, text)
	if err != nil {
		moment, err = time.Parse("2006-01-02T15:04", text)
	}
	if err != nil || !i.reaches(moment) {
		return wantMoment
	}
	move(moment)
	return nil
}

// reaches reports whether the clock may be moved to a moment.
func (i *inspector) reaches(moment time.Time) bool {
	return moment.Sub(i.server.ReadClock().Base).Abs() <= furthest
}

// furthest is the most that forms take as a time: a little less than what a clock can be moved by.
const furthest = 200 * 365 * 24 * time.Hour

// duration returns a number of seconds as a duration, unless it is none or too long.
func duration(seconds float64) (time.Duration, bool) {
	if !(math.Abs(seconds) <= furthest.Seconds()) { // NaN compares with nothing
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}
