// Reads a calendar on standard input with ical.js, as Thunderbird and Nextcloud do, and prints what it understood.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    starts: event.startDate.toUnixTime(),
    ends: event.endDate.toUnixTime(),
    // A floating time has lost its zone: a reader on another continent would show another moment.
    isFloating: event.startDate.zone === ICAL.Timezone.localTimezone,
    summary: event.summary,
    status: component.getFirstPropertyValue("status"),
  };
});

process.stdout.write(JSON.stringify(events));
