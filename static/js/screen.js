// The screen in a hall. Every minute it fetches its own page and takes over what stands in it; when that does not work it
// keeps what it has and says since when. The page holds the coming week, so that it turns to the next day by itself.
const FETCH_EVERY = 60_000;
const LOOK_EVERY = 5_000;
const PATIENCE = 20_000;
const PAGE_EVERY = 12_000;
const TIME = { hour: "numeric", minute: "2-digit", timeZone: "Europe/Brussels" };
const DAY = { timeZone: "Europe/Brussels" };

const screen = () => document.querySelector("[data-screen]");
const assets = (page) => [...page.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.getAttribute(one.src ? "src" : "href")).join();
// The clock of a screen is often wrong: the site's own counts, from what it said when it was last heard.
let ahead = screen().dataset.moment * 1000 - Date.now();
let heard = new Date(Date.now() + ahead);
let isLost = false;

const now = () => new Date(Date.now() + ahead);
const said = (moment) => moment.toLocaleTimeString("nl-BE", TIME).replace(":", ".");
const day = (moment) => moment.toLocaleDateString("sv-SE", DAY);

/** Hide what is over, mark what goes on, and show the first day on which something is left. */
function look() {
  const seconds = now() / 1000;
  const today = day(now());
  const tomorrow = day(new Date(+now() + 24 * 3600_000));
  const main = screen();
  let shown;
  for (const section of main.querySelectorAll("[data-day]")) {
    for (const row of section.querySelectorAll("[data-to]")) {
      row.hidden = row.dataset.to <= seconds;
      const mark = row.querySelector("[data-now]");
      if (mark) mark.hidden = row.dataset.from > seconds;
    }
    const name = section.dataset.day;
    section.querySelector("[data-name]").textContent = { [today]: main.dataset.today, [tomorrow]: main.dataset.tomorrow }[name] ?? "";
    const isLeft = section.querySelector("[data-to]:not([hidden])");
    section.hidden = !isLeft || shown !== undefined;
    if (isLeft) shown ??= section;
  }
  main.querySelector(".screen-none").hidden = shown !== undefined;
  main.querySelector("[data-clock]").textContent = said(now());
  const words = isLost ? main.dataset.lost : main.dataset.fresh;
  const since = day(heard) === today ? said(heard) : `${heard.toLocaleDateString("nl-BE", { ...DAY, day: "numeric", month: "long" })}, ${said(heard)}`;
  const status = main.querySelector("[data-status]");
  // A status that says the same again is read aloud again.
  if (status.textContent !== words.replace("{time}", since)) status.textContent = words.replace("{time}", since);
  main.classList.toggle("is-lost", isLost);
}

async function fetchAnew() {
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE), cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-screen]");
    // The page of a hotel's network is an answer too.
    if (!fresh) throw new Error("another page");
    // The site itself is newer: its style and script come along with a page that is loaded whole.
    if (assets(page) !== assets(document)) return location.reload();
    screen().replaceWith(document.adoptNode(fresh));
    ahead = fresh.dataset.moment * 1000 - Date.now();
    heard = now();
    isLost = false;
  } catch {
    isLost = true;
  }
  look();
}

/** Nobody can scroll: a list that is longer than the screen is turned page by page. */
function turn() {
  const list = screen().querySelector(".screen-days");
  const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
  list.scrollTo({ top: isAtEnd ? 0 : list.scrollTop + list.clientHeight * 0.85 });
}

look();
setInterval(look, LOOK_EVERY);
setInterval(fetchAnew, FETCH_EVERY);
setInterval(turn, PAGE_EVERY);
window.addEventListener("online", fetchAnew);
window.addEventListener("offline", () => ((isLost = true), look()));
// Where the browser can, the screen stays lit.
const stayLit = () => navigator.wakeLock?.request("screen").catch(() => {});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayLit());
stayLit();
