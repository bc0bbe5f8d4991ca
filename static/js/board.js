// The planning board by dragging: over what is free to make something, with what stands there to move it. Either leads to
// the form that every cell also leads to, filled in; nothing changes here. Escape lets go.
const QUARTER = 15;
const SLACK = 6;

const pad = (number) => String(number).padStart(2, "0");
const clock = (minute) => `${Math.floor(minute / 60) % 24}.${pad(minute % 60)}`;
const time = (minute) => `${pad(Math.floor(minute / 60) % 24)}:${pad(minute % 60)}`;

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const table = document.querySelector("table.board");
if (table) {
  const from = Number(table.dataset.from);
  const said = document.getElementById("bord-gezegd");
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  let held = null;

  // On a narrow screen the board is a list, and there is nothing to drag over.
  const isTable = () => getComputedStyle(table).display === "table";
  const settle = () => table.classList.toggle("can-drag", isTable() && "make" in table.dataset);
  addEventListener("resize", settle);
  settle();

  const cells = (row) => [...row.querySelectorAll("td")];

  /** The line that says which room it is: the one itself, or the first above it that has a name. */
  const named = (row) => {
    while (row && !row.querySelector("th a")) row = row.previousElementSibling;
    return row;
  };

  const edges = (row) => {
    const all = cells(row);
    const quarters = all.reduce((sum, cell) => sum + cell.colSpan, 0);
    const first = all[0].getBoundingClientRect();
    const last = all[all.length - 1].getBoundingClientRect();
    return { left: first.left, width: last.right - first.left, quarters };
  };

  /** How many quarters from the left a place on a line is; with a fraction. */
  const quarterAt = (row, x) => {
    const { left, width, quarters } = edges(row);
    return Math.min(quarters, Math.max(0, ((x - left) / width) * quarters));
  };

  const startOf = (cell) => {
    let quarters = 0;
    for (const one of cells(cell.parentElement)) {
      if (one === cell) return quarters;
      quarters += one.colSpan;
    }
    return quarters;
  };

  /** From when till when people are there, as the cell says: without the time to set up and to clean. */
  const hoursIn = (link, first, last) => {
    const found = /^(\d+)\.(\d\d)–(\d+)\.(\d\d)/.exec(link.textContent);
    if (!found) return [first, last];
    const [starts, ends] = [Number(found[1]) * 60 + Number(found[2]), Number(found[3]) * 60 + Number(found[4])];
    return [starts, ends > starts ? ends : ends + 24 * 60];
  };

  const draw = () => {
    const { row, first, quarters } = held;
    const { left, width, quarters: all } = edges(row);
    const box = row.getBoundingClientRect();
    const inside = cells(row)[0].getBoundingClientRect();
    Object.assign(ghost.style, {
      left: `${left + scrollX + (first / all) * width}px`,
      top: `${inside.top + scrollY + 3}px`,
      width: `${(quarters / all) * width}px`,
      height: `${box.height - 6}px`,
    });
    const starts = from + first * QUARTER;
    const words = `${clock(starts)}–${clock(starts + quarters * QUARTER)}`;
    if (ghost.textContent !== words || held.said !== row) {
      ghost.textContent = words;
      held.said = row;
      said.textContent = `${row.querySelector("th a").textContent}, ${words}`;
    }
    if (!ghost.isConnected) document.body.append(ghost);
  };

  /** The click that ends a drag would open what was dragged; a later one is meant. */
  const stopClick = () => {
    const stop = (event) => event.preventDefault();
    addEventListener("click", stop, { capture: true, once: true });
    addEventListener("pointerdown", () => removeEventListener("click", stop, { capture: true }), { once: true });
  };

  const letGo = () => {
    held = null;
    ghost.remove();
    table.classList.remove("dragging");
  };

  const follow = (event) => {
    const { link } = held;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("table.board tbody tr");
    if (link) {
      held.row = named(under) ?? held.row;
      const { quarters } = edges(held.row);
      const first = Math.round(quarterAt(held.row, event.clientX) - held.grip);
      held.first = Math.min(quarters - held.quarters, Math.max(0, first));
    } else {
      const here = quarterAt(held.row, event.clientX);
      held.first = Math.floor(Math.min(here, held.anchor));
      held.quarters = Math.max(1, Math.ceil(Math.max(here, held.anchor)) - held.first);
    }
    draw();
  };

  /** The form for this room, day and time. */
  const address = (path, row, starts, ends) => {
    const url = new URL(path, location.href);
    const day = new Date(`${table.dataset.day}T00:00Z`);
    day.setUTCDate(day.getUTCDate() + Math.floor(starts / (24 * 60)));
    url.search = new URLSearchParams({
      zaal: row.querySelector("th a").getAttribute("href").replace("/zalen/", ""),
      dag: day.toISOString().slice(0, 10),
      van: time(starts),
      tot: time(ends),
    });
    return url.href;
  };

  table.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("tbody td");
    if (event.button !== 0 || !cell || !table.classList.contains("can-drag")) return;
    const link = cell.matches(".b, .p, .q, .o, .x") ? cell.querySelector("a") : null;
    if (!link && !cell.matches(".f")) return;
    const row = named(cell.parentElement);
    const here = quarterAt(row, event.clientX);
    const first = startOf(cell);
    held = { link, row, x: event.clientX, y: event.clientY, anchor: here, grip: here - first, start: first, first, quarters: cell.colSpan, isOn: false };
  });

  addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!held.isOn && Math.hypot(event.clientX - held.x, event.clientY - held.y) < SLACK) return;
    held.isOn = true;
    table.classList.add("dragging");
    follow(event);
  });

  addEventListener("pointerup", () => {
    if (!held?.isOn) {
      held = null;
      return;
    }
    const { link, row, first, quarters, start } = held;
    letGo();
    stopClick();
    const starts = from + first * QUARTER;
    if (!link) {
      location.assign(address(table.dataset.make, row, starts, starts + quarters * QUARTER));
      return;
    }
    const was = from + start * QUARTER;
    const [hourFrom, hourTo] = hoursIn(link, was, was + quarters * QUARTER);
    location.assign(address(link.getAttribute("href"), row, hourFrom + starts - was, hourTo + starts - was));
  });

  addEventListener("pointercancel", letGo);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !held) return;
    letGo();
    said.textContent = said.dataset.cancelled;
    stopClick();
  });
  // A browser would drag the address of a link instead.
  table.addEventListener("dragstart", (event) => event.preventDefault());
  // What does not fit in its cell is told to who stays over it.
  table.addEventListener("pointerover", (event) => {
    const inside = event.target.closest("td > *");
    if (inside && !inside.title) inside.title = [...inside.childNodes].map((node) => node.textContent).join(" ");
  });
}
