// What stands on the map: a house per place, a little street per group of places; each with a name for who cannot see it.
import { DivIcon } from "./leaflet.js";
import { fill } from "./map-places.js";

const TARGET = 44;
const HOUSE = 20;
export const ROW = 22;

const NamedIcon = DivIcon.extend({
  createIcon(old) {
    const element = DivIcon.prototype.createIcon.call(this, old);
    element.setAttribute("aria-label", this.options.name);
    return element;
  },
});

/** A place: its house on a disc, with a dotted ring when the precise spot is not known. */
export function placeIcon(place, words) {
  return new NamedIcon({
    name: fill(place.point ? words.place : words.soft, { name: place.name, kind: place.kind, neighbourhood: place.areaName }),
    className: `spot ${place.kindClass}${place.point ? "" : " spot--soft"}`,
    html: place.house.cloneNode(true),
    iconSize: [TARGET, TARGET],
  });
}

/** In how many rows so many houses stand, when so many fit beside each other. */
export function rowsOf(count, fits) {
  return Math.ceil(count / Math.max(2, Math.min(fits, 4)));
}

/** Places that stand together: as rows of houses of which `fits` go side by side, or as a number where none fit. */
export function streetIcon(places, name, fits) {
  const box = document.createElement("span");
  let size = [TARGET, TARGET];
  if (fits) {
    const rows = rowsOf(places.length, fits);
    const columns = Math.ceil(places.length / rows);
    size = [Math.max(TARGET, columns * HOUSE + 8), Math.max(TARGET, rows * ROW + 6)];
    box.append(...places.map((place) => place.house.cloneNode(true)));
    box.className = `street street--${columns}`;
  } else {
    box.className = "number";
    box.textContent = places.length;
  }
  return new NamedIcon({ name, className: "cluster", html: box, iconSize: size });
}
