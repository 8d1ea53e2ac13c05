// Command cron writes what github.com/robfig/cron/v3 answers, the library by which Kubernetes reads a CronJob's schedule:
//
//	cd test/golden/cron && go run . > ../cron-next.jsonl
//
// One JSON object a line. The cases are drawn with a fixed seed, so that a run changes nothing unless the library or the time zone
// data did. `refused` says why Kubernetes would not take the schedule; without it, an absent `next` means that it never fires.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

type answer struct {
	Schedule string   `json:"schedule"`
	TimeZone string   `json:"timeZone"`
	From     string   `json:"from"`
	Next     []string `json:"next,omitempty"`
	Refused  string   `json:"refused,omitempty"`
	Hangs    bool     `json:"hangs,omitempty"`
}

// change is a clock change (or the neighbourhood of one) that a case begins shortly before.
type change struct {
	zone string
	near []string
}

var changes = []change{
	{"Europe/Berlin", []string{"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}},
	{"Europe/London", []string{"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}},
	{"Europe/Lisbon", []string{"2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z"}},
	{"Atlantic/Azores", []string{"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}},
	{"America/New_York", []string{"2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"}},
	{"America/Havana", []string{"2026-03-08T05:00:00Z", "2026-11-01T05:00:00Z"}},
	{"America/Santiago", []string{"2026-09-06T04:00:00Z", "2026-04-05T03:00:00Z"}},
	{"America/Sao_Paulo", []string{"2018-11-04T03:00:00Z", "2018-02-18T02:00:00Z"}},
	{"America/St_Johns", []string{"2026-03-08T05:30:00Z", "2010-11-07T02:31:00Z", "2010-03-14T03:31:00Z"}},
	{"America/Asuncion", []string{"2023-10-01T04:00:00Z", "2024-03-24T03:00:00Z"}},
	{"Africa/Cairo", []string{"2026-04-23T22:00:00Z", "2026-10-29T21:00:00Z"}},
	{"Asia/Beirut", []string{"2026-03-28T22:00:00Z", "2026-10-24T21:00:00Z"}},
	{"Asia/Tehran", []string{"2021-03-21T20:30:00Z", "2021-09-21T19:30:00Z"}},
	{"Asia/Kolkata", []string{"2026-02-28T18:30:00Z"}},
	{"Asia/Kathmandu", []string{"2026-02-28T18:15:00Z"}},
	{"Australia/Sydney", []string{"2026-10-03T16:00:00Z", "2026-04-04T16:00:00Z"}},
	{"Australia/Lord_Howe", []string{"2026-10-03T15:30:00Z", "2026-04-04T15:00:00Z"}},
	{"Antarctica/Troll", []string{"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}},
	{"Pacific/Apia", []string{"2011-12-30T10:00:00Z", "2011-09-24T14:00:00Z"}},
	{"Pacific/Chatham", []string{"2026-09-26T14:00:00Z", "2026-04-04T14:00:00Z"}},
	{"Pacific/Kiritimati", []string{"2026-12-31T10:00:00Z"}},
	{"Pacific/Kwajalein", []string{"1993-08-21T12:00:00Z"}},
	{"Pacific/Niue", []string{"2028-02-29T11:00:00Z"}},
	{"UTC", []string{"2027-12-31T23:59:00Z", "2096-02-29T12:00:00Z", "2028-02-29T00:00:00Z"}},
}

// frequent schedules stand where a clock change bites.
var frequent = []string{
	"0 0 * * *", "30 0 * * *", "0 1 * * *", "30 1 * * *", "45 1 * * *", "0 2 * * *", "15 2 * * *", "30 2 * * *", "0 3 * * *",
	"30 23 * * *", "59 23 * * *", "0 * * * *", "*/15 * * * *", "*/30 0-3 * * *", "5 0,2 * * *", "0 0 1 * *", "0 0 L * *", "0 0 29 2 *",
	"0 0 30 2 *", "0 0 31 2 *", "0 0 31 4,6,9,11 *", "0 0 31 * 1", "59 23 31 12 *", "0 12 * * SUN", "0 0 * * 0", "0 0 1-7 * MON",
	"0 0 */2 * 1", "0 0 * */2 */2", "0 0 13 * FRI", "0 0 29 2 MON", "30 2 29 3 *", "@daily", "@monthly", "@yearly", "@weekly", "@hourly",
}

// odd schedules are about grammar: what is taken and what refused.
var odd = []string{
	"", " ", "*", "* * * *", "* * * * * *", "0  6\t1 * *", " 0 6 1 * * ", "@monthly ", " @monthly", "@Monthly", "@reboot", "@every 90m",
	"@every 1h30m", "@every 1.5h", "@every 500ms", "@every -5m", "@every 0", "@every", "@every 5", "@every 2h30", "@every 90m ", "@",
	"60 * * * *", "-1 * * * *", "+5 0 * * *", "0 24 * * *", "0 0 0 * *", "0 0 32 * *", "0 0 * 0 *", "0 0 * 13 *", "0 0 * * 7",
	"0 0 * * 8", "0 0 * JAN-mar *", "0 0 * FEB-JAN *", "0 0 * * sun-Sat", "0 0 * * SUN-TUE", "0 0 * * FRI-MON", "0 0 * MONDAY *",
	"0 0 * * MO", "JAN * * * *", "0 0 * 1-FEB *", "0 0 ? * ?", "? ? ? ? ?", "0 0 ?/2 * *", "*-5 0 1 * *", "*-x 0 1 * *", "*-1-2 0 * * *",
	"1-2-3 * * * *", "1/2/3 * * * *", "*/2/3 * * * *", "*/0 * * * *", "*/-2 * * * *", "*/+2 0 * * *", "*/x * * * *", "*/ * * * *",
	"/5 * * * *", "5/ * * * *", "5/20 * * * *", "50-5 * * * *", "5-5 * * * *", "5- * * * *", "-5 * * * *", "5-10/3 * * * *", "5/70 * * * *",
	"*/70 * * * *", "*/99999999999999999999 * * * *", "99999999999999999999 * * * *", "0x5 * * * *", "1_0 * * * *", "05 01 02 03 *",
	"1.5 * * * *", "1,,2 0 * * *", ",1 0 * * *", "1, 0 * * *", ", * * * *", "* , * * *", "0 0 , * 1", "0 0 , * *", "0 0 1 , *", "0 0 1 * ,",
	"0 0 L * *", "0 0 LW * *", "0 0 1W * *", "0 0 * * 5L", "0 0 * * MON#1", "H 0 * * *", "a b c d e", "* * * * *;", "0\u00a06 1 * *",
	"0\u20036 1 * *", "0 6 1 * *\n", "0 6 1 * *\u200b", "0 0 */1 * 1", "0 0 * * */1", "0 0 */2 * */2", "0 0 *,1 * 1", "0 0 1,* * 1", "0 0 1-31 * 1",
	"0 0 ?,1 * 1", "0 0 1/1 * 1", "TZ=UTC 0 0 * * *", "CRON_TZ=UTC 0 0 * * *", "TZ=UTC", "0 0 * * TZ",
}

func main() {
	if len(os.Args) == 4 {
		json.NewEncoder(os.Stdout).Encode(ask(os.Args[1], os.Args[2], parse(os.Args[3])))
		return
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	source := rand.New(rand.NewSource(20261123))
	write := func(schedule, zone string, from time.Time) {
		if err := encoder.Encode(askPatiently(schedule, zone, from)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	for _, c := range changes {
		for _, near := range c.near {
			at := parse(near)
			for _, schedule := range frequent {
				write(schedule, c.zone, at.Add(-before(source)))
			}
			for range 30 {
				write(randomSchedule(source), c.zone, at.Add(-before(source)))
			}
		}
	}
	for i, schedule := range odd {
		c := changes[i%len(changes)]
		write(schedule, c.zone, parse("2026-03-01T10:00:00Z").Add(time.Duration(source.Intn(300*24*60))*time.Minute))
	}
	for range 300 {
		c := changes[source.Intn(len(changes))]
		write(randomSchedule(source), c.zone, parse("2026-01-01T00:00:00Z").Add(time.Duration(source.Int63n(1500*24*3600))*time.Second))
	}
}

// before is a time before a clock change: often less than an hour, sometimes days, with odd seconds and fractions.
func before(source *rand.Rand) time.Duration {
	switch source.Intn(4) {
	case 0:
		return time.Duration(source.Intn(3600)) * time.Second
	case 1:
		return time.Duration(source.Intn(36*60)) * time.Minute
	case 2:
		return time.Duration(source.Intn(40*24)) * time.Hour
	default:
		return time.Duration(source.Intn(3*24*3600*1000)) * time.Millisecond
	}
}

// askPatiently asks in a process of its own, to be ended, where the zone has skipped a day.
func askPatiently(schedule, zone string, from time.Time) answer {
	if zone != "Pacific/Apia" && zone != "Pacific/Kwajalein" {
		return ask(schedule, zone, from)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	text := from.UTC().Format(time.RFC3339Nano)
	output, err := exec.CommandContext(ctx, os.Args[0], schedule, zone, text).Output()
	result := answer{Schedule: schedule, TimeZone: zone, From: text, Hangs: true}
	if err == nil {
		result = answer{}
		err = json.Unmarshal(output, &result)
	}
	if err != nil && ctx.Err() == nil {
		panic(err)
	}
	return result
}

// ask is what Kubernetes does: validation reads the schedule alone, the controller reads it with the time zone before it.
func ask(schedule, zone string, from time.Time) answer {
	result := answer{Schedule: schedule, TimeZone: zone, From: from.UTC().Format("2006-01-02T15:04:05.999Z")}
	if err := validate(schedule); err != nil {
		result.Refused = err.Error()
		return result
	}
	parsed, err := cron.ParseStandard("TZ=" + zone + " " + schedule)
	if err != nil {
		result.Refused = err.Error()
		return result
	}
	if hopeless(parsed) {
		return result
	}
	at := from
	for range 6 {
		at = parsed.Next(at)
		if at.IsZero() {
			break
		}
		result.Next = append(result.Next, at.UTC().Format("2006-01-02T15:04:05Z"))
	}
	return result
}

func validate(schedule string) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("invalid schedule format: %v", fault)
		}
	}()
	if strings.Contains(schedule, "TZ") {
		return fmt.Errorf("cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
	}
	_, err = cron.ParseStandard(schedule)
	return err
}

// hopeless schedules have an empty field: the library looks at every minute of five years (or for ever, where no month fits).
func hopeless(schedule cron.Schedule) bool {
	spec, ok := schedule.(*cron.SpecSchedule)
	return ok && (spec.Minute == 0 || spec.Hour == 0 || spec.Month == 0)
}

func parse(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at
}

func randomSchedule(source *rand.Rand) string {
	fields := []string{
		randomField(source, 0, 59), randomField(source, 0, 23), randomField(source, 1, 31), randomField(source, 1, 12), randomField(source, 0, 6),
	}
	// Most schedules of people leave the month open.
	if source.Intn(3) > 0 {
		fields[3] = "*"
	}
	return strings.Join(fields, " ")
}

func randomField(source *rand.Rand, low, high int) string {
	span := high - low + 1
	value := func() int { return low + source.Intn(span) }
	switch source.Intn(7) {
	case 0, 1:
		return "*"
	case 2:
		return fmt.Sprintf("*/%d", 1+source.Intn(span/2+1))
	case 3:
		return fmt.Sprint(value())
	case 4:
		return fmt.Sprintf("%d,%d,%d", value(), value(), value())
	case 5:
		from, to := value(), value()
		if from > to {
			from, to = to, from
		}
		return fmt.Sprintf("%d-%d", from, to)
	default:
		from, to := value(), value()
		if from > to {
			from, to = to, from
		}
		return fmt.Sprintf("%d-%d/%d", from, to, 1+source.Intn(6))
	}
}
