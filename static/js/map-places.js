// The places as they stand in the list: the list is the only source of the map.

/** Every card in the list that has a spot on the sketch. */
export function readPlaces() {
  const pins = new Map([...document.querySelectorAll(".map-box > .sketch .pin")].map((pin) => [pin.getAttribute("href"), pin]));
  const cards = [...document.querySelectorAll("#resultaat .card")].filter((card) => pins.has(`#${card.id}`));
  return cards.map((card) => {
    const pin = pins.get(`#${card.id}`);
    const [x, y] = pin.getAttribute("transform").match(/[\d.-]+/g);
    const { lat, lon } = pin.dataset;
    const group = card.closest(".group");
    const link = card.querySelector("h3 a");
    return {
      slug: card.id,
      card,
      name: link.textContent,
      href: link.href,
      kind: card.querySelector(".kc").textContent,
      kindClass: [...card.classList].find((one) => one.startsWith("k-")),
      house: card.querySelector(".house"),
      area: group.id.replace("wijk-", ""),
      areaName: group.querySelector(".group-head").firstChild.textContent.trim(),
      x: Number(x),
      y: Number(y),
      point: lat ? [Number(lat), Number(lon)] : null,
    };
  });
}

/** The places per neighbourhood, in the order of the list. */
export function byArea(places) {
  const areas = new Map();
  for (const place of places) {
    if (!areas.has(place.area)) areas.set(place.area, []);
    areas.get(place.area).push(place);
  }
  return areas;
}

/** Fill in {name} and its like in a sentence. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
