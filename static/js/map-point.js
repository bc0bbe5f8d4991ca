// A point of one's own on the map, to look for rooms around it: by a tap or a click, by dragging its pin, or with the
// arrows of the keyboard. Nothing is kept of it: it only ends up in the address of the search.
import { DivIcon, LatLng, Marker } from "./leaflet.js";
import { fill } from "./map-places.js";

const STEP = 12;
const LEAP = 60;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const ICON = new DivIcon({ className: "pointer", iconSize: [44, 44], iconAnchor: [22, 40], html: "<span></span>" });
// Three decimals are some eighty metres: near enough for a search, too vague for a front door.
const DECIMALS = 3;

/** Offer to choose a point. `areas`: the neighbourhoods as elements with their middle; `onStart` clears the map for it;
 * `trueSpot` says where a point of the map lies in truth. */
export function offerPoint(map, figure, areas, words, { onStart, trueSpot }) {
  // Whoever comes from the search gets back there with all they filled in.
  const asked = new URLSearchParams(location.search).get("zoek");
  const bar = figure.querySelector(".pointing");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const go = document.createElement("a");
  go.className = "btn btn--s";
  go.textContent = words.pointGo;
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "btn btn--quiet btn--s";
  toggle.textContent = words.point;
  bar.append(said, toggle);
  const marker = new Marker(map.getCenter(), { icon: ICON, pane: "popupPane", draggable: true });

  const tell = () => {
    const { lat, lng } = trueSpot(marker.getLatLng());
    const search = new URLSearchParams(asked ?? "");
    search.delete("bij");
    search.set("punt", `${lat.toFixed(DECIMALS)},${lng.toFixed(DECIMALS)}`);
    go.href = `${figure.dataset.search}?${search}`;
    said.textContent = fill(words.pointIn, { name: nearest(areas, lat, lng) });
    marker.getElement()?.setAttribute("aria-label", `${said.textContent} ${words.pointHow}`);
  };
  const put = (where) => {
    const box = map.options.maxBounds;
    const inside = (value, least, most) => Math.min(Math.max(value, least), most);
    marker.setLatLng(new LatLng(
      inside(where.lat, box.getSouth(), box.getNorth()), inside(where.lng, box.getWest(), box.getEast()),
    ));
    tell();
  };
  const press = (event) => {
    const arrow = ARROWS[event.key];
    if (event.key === "Escape") stop();
    if (event.key === "Enter") go.click();
    if (!arrow) return;
    event.preventDefault();
    const far = event.shiftKey ? LEAP : STEP;
    put(map.layerPointToLatLng(map.latLngToLayerPoint(marker.getLatLng()).add(arrow.map((one) => one * far))));
    if (!map.getBounds().contains(marker.getLatLng())) map.panTo(marker.getLatLng());
  };
  const tap = ({ latlng }) => {
    put(latlng);
    marker.getElement().focus({ preventScroll: true });
  };

  function start() {
    onStart();
    figure.classList.add("is-pointing");
    // The houses stay to be seen, and are out of the way of finger and keyboard.
    map.getPane("markerPane").inert = true;
    toggle.textContent = words.pointStop;
    toggle.before(go);
    marker.addTo(map);
    marker.getElement().addEventListener("keydown", press);
    put(map.getCenter());
    said.textContent = words.pointHow;
    map.on("click", tap);
    marker.getElement().focus({ preventScroll: true });
  }
  function stop() {
    map.off("click", tap);
    marker.remove();
    go.remove();
    map.getPane("markerPane").inert = false;
    figure.classList.remove("is-pointing");
    toggle.textContent = words.point;
    said.textContent = "";
    toggle.focus();
  }

  marker.on("drag", tell);
  toggle.addEventListener("click", () => (figure.classList.contains("is-pointing") ? stop() : start()));
  if (asked !== null) {
    start();
    figure.scrollIntoView();
  }
}

/** Where a point of the sketch would lie if the neighbourhoods had not been moved apart to make room for their names. */
export function movedBack({ x, y }, moves) {
  let total = 0;
  const shift = [0, 0];
  for (const [fromX, fromY, toX, toY] of moves) {
    const weight = 1 / (Math.hypot(x - toX, y - toY) ** 3 + 1);
    total += weight;
    shift[0] += (fromX - toX) * weight;
    shift[1] += (fromY - toY) * weight;
  }
  return [x + shift[0] / total, y + shift[1] / total];
}

/** The name of the neighbourhood whose middle is nearest. */
function nearest(areas, lat, lng) {
  const shrink = Math.cos((lat * Math.PI) / 180);
  const far = ({ dataset }) => Math.hypot(dataset.lat - lat, (dataset.lon - lng) * shrink);
  const [first] = [...areas.values()].sort((one, other) => far(one) - far(other));
  return first?.getAttribute("aria-label").replace(/:[^:]*$/, "") ?? "";
}
