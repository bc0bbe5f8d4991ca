// The places of a neighbourhood, shown at once beside the map when it is chosen.
/** Show a list of places under the map and move the focus to it; `onClose` runs when the visitor closes it. */
export function showPanel(figure, title, places, words, onClose) {
  closePanel(figure);
  const panel = document.createElement("section");
  panel.className = "chosen";
  panel.setAttribute("aria-labelledby", "gekozen");
  const heading = document.createElement("h2");
  heading.id = "gekozen";
  heading.tabIndex = -1;
  heading.textContent = title;
  const close = document.createElement("button");
  close.className = "chosen-close";
  close.textContent = words.close;
  close.addEventListener("click", onClose);
  const list = document.createElement("ul");
  list.className = "chosen-list";
  list.append(...places.map(line));
  panel.append(heading, close, list);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") onClose();
  });
  figure.querySelector(".map-box").after(panel);
  heading.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

export function closePanel(figure) {
  figure.querySelector(".chosen")?.remove();
}

function line(place) {
  const item = document.createElement("li");
  item.className = place.kindClass;
  const link = document.createElement("a");
  link.href = place.href;
  link.textContent = place.name;
  item.append(place.house.cloneNode(true), link);
  return item;
}
