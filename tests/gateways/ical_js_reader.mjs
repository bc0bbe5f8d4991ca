// Reads a calendar on standard input with ical.js, as Thunderbird and Nextcloud do, and prints what it understood.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

// A day without hours is the same one all over the world.
const moment = (time) => (time.isDate ? time.toString() : time.toUnixTime());
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    starts: moment(event.startDate),
    ends: moment(event.endDate),
    // A floating time has lost its zone: a reader on another continent would show another moment.
    isFloating: !event.startDate.isDate && event.startDate.zone === ICAL.Timezone.localTimezone,
    summary: event.summary,
    status: component.getFirstPropertyValue("status"),
  };
});

process.stdout.write(JSON.stringify(events));
