// Reads a calendar on standard input with node-ical, as many home screens do, and prints what it understood.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ical = createRequire(join(process.env.READERS, "package.json"))("node-ical");
const found = Object.values(ical.sync.parseICS(readFileSync(0, "utf8"))).filter((one) => one.type === "VEVENT");

// A day without hours stands as midnight of this machine.
const moment = (time) =>
  time.dateOnly
    ? [time.getFullYear(), time.getMonth() + 1, time.getDate()].map((one) => String(one).padStart(2, "0")).join("-")
    : time.getTime() / 1000;

process.stdout.write(
  JSON.stringify(found.map((one) => ({ uid: one.uid, starts: moment(one.start), ends: moment(one.end) }))),
);
