// The little card over a place: the focus goes in, Escape comes back out to the house it belongs to.

/** What the card says about a place. */
export function popupContent(place, words) {
  const box = document.createElement("div");
  box.className = place.kindClass;
  const kind = paragraph(place.kind, "kc");
  const name = document.createElement("h2");
  name.textContent = place.name;
  const link = document.createElement("a");
  link.className = "btn btn--s";
  link.href = place.href;
  link.textContent = words.more;
  const spot = paragraph(place.point ? place.areaName : words.softLine, "muted");
  box.append(kind, name, spot, link);
  return box;
}

/** Move the focus along with the cards of a map. */
export function keepFocus(map, words) {
  map.on("popupopen", ({ popup }) => {
    const element = popup.getElement();
    element.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close);
    element.querySelector(".btn").focus({ preventScroll: true });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup(popup);
    });
  });
  map.on("popupclose", ({ popup }) => {
    const { activeElement, body } = document;
    const isLost = activeElement === body || popup.getElement()?.contains(activeElement);
    if (isLost) popup._source?.getElement()?.focus({ preventScroll: true });
  });
}

function paragraph(text, className) {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = text;
  return element;
}
