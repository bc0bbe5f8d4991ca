// Reads a calendar on standard input with node-ical, as many home screens do, and prints what it understood.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ical = createRequire(join(process.env.READERS, "package.json"))("node-ical");
const found = Object.values(ical.sync.parseICS(readFileSync(0, "utf8"))).filter((one) => one.type === "VEVENT");

process.stdout.write(
  JSON.stringify(
    found.map((one) => ({ uid: one.uid, starts: one.start.getTime() / 1000, ends: one.end.getTime() / 1000 })),
  ),
);
