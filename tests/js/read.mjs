// Reads calendar parts with ical.js (Thunderbird's parser): one JSON string a line comes in, and for each one line of
// JSON goes out: the meetings as [start, end] in milliseconds since 1970, or the error. A declined proposal has no time.
import ICAL from "ical.js";
import readline from "node:readline";

const MOST = 2000;

function meetings(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  calendar.getAllSubcomponents("vtimezone").forEach((zone) => ICAL.TimezoneService.register(zone));
  const events = calendar.getAllSubcomponents("vevent").filter((one) => one.hasProperty("dtstart")).map((one) => new ICAL.Event(one));
  const found = [];
  const take = (start, end) => {
    for (const at of [start, end]) {
      if (at.zone === ICAL.Timezone.localTimezone) throw new Error(`a floating time: ${at}`);
    }
    found.push([start.toJSDate().getTime(), end.toJSDate().getTime()]);
  };
  for (const event of events.filter((one) => !one.isRecurrenceException())) {
    if (!event.isRecurring()) {
      take(event.startDate, event.endDate);
      continue;
    }
    const own = events.filter((one) => one.isRecurrenceException() && one.uid === event.uid);
    own.forEach((one) => event.relateException(one));
    const steps = event.iterator();
    for (let at = steps.next(); at; at = steps.next()) {
      const { startDate, endDate } = event.getOccurrenceDetails(at);
      take(startDate, endDate);
      if (found.length > MOST) throw new Error("no end");
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { meetings: meetings(JSON.parse(line)) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
