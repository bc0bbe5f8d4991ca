// The map of the first page: Leaflet over the drawn sketch, fed by the list. Without it the sketch itself is the map.
import "leaflet/dist/leaflet.css";
import "../css/map.css";
import { LatLng, LatLngBounds, LeafletMap, Marker, SVGOverlay, Zoom } from "./leaflet.js";
import { placeIcon, ROW, rowsOf, streetIcon } from "./map-icons.js";
import { closePanel, showPanel } from "./map-panel.js";
import { byArea, fill, readPlaces } from "./map-places.js";
import { movedBack, offerPoint } from "./map-point.js";
import { keepFocus, popupContent } from "./map-popup.js";
import { addStreets } from "./map-tiles.js";
import { MarkerCluster, MarkerClusterGroup } from "./markercluster.js";

const ROOM_FOR_STREETS = 480;
const RADIUS = 64;
const EVERYTHING = 4000;

const figure = document.getElementById("kaart");
const words = JSON.parse(figure.dataset.words);
const bounds = new LatLngBounds(JSON.parse(figure.dataset.bounds));
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
const areas = new Map();
let groups = [];
let markers = new Map();
let onStreets = false;
let chosen = null;

// Seen from afar, the places of one neighbourhood stand together under its name. The least zoom is no whole number here;
// the levels of clusters are.
const AnchoredCluster = MarkerCluster.extend({
  _recursively(around, first, ...rest) {
    MarkerCluster.prototype._recursively.call(this, around, Math.floor(first), ...rest);
  },
  _recalculateBounds() {
    MarkerCluster.prototype._recalculateBounds.call(this);
    const { anchor, farthest } = this._group.options;
    if (anchor && this._zoom <= farthest) this._latlng = this._wLatLng = anchor;
  },
});

const map = start();

function start() {
  const sketch = figure.querySelector(".sketch");
  const box = document.createElement("div");
  box.className = "map-live";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", words.map);
  sketch.after(box);
  figure.classList.add("is-live");
  const made = new LeafletMap(box, {
    attributionControl: false, zoomControl: false, zoomSnap: 0, maxZoom: 17, bounceAtZoomLimits: false,
    maxBounds: bounds.pad(0.15), maxBoundsViscosity: 1,
    zoomAnimation: !isStill, fadeAnimation: !isStill, markerZoomAnimation: !isStill, inertia: !isStill,
  });
  new SVGOverlay(land(sketch), bounds, { interactive: true }).addTo(made);
  return made;
}

/** The sketch without what becomes markers. Its neighbourhoods can be clicked; the keyboard has the markers. */
function land(sketch) {
  const copy = sketch.cloneNode(true);
  copy.setAttribute("aria-hidden", "true");
  copy.querySelectorAll(".pins, .counts").forEach((part) => part.remove());
  for (const link of copy.querySelectorAll(".area")) {
    link.tabIndex = -1;
    areas.set(link.getAttribute("href").replace("#wijk-", ""), link);
  }
  copy.addEventListener("click", (event) => {
    const link = event.target.closest(".area");
    if (!link) return;
    event.preventDefault();
    const isPointing = figure.classList.contains("is-pointing");
    if (!isPointing && !map.dragging.moved()) choose(link.getAttribute("href").replace("#wijk-", ""));
  });
  return copy;
}

/** Where the sketch begins, and how much of the flat world one unit of it is: both are flat in the same way. */
function frame() {
  const { crs } = map.options;
  const topLeft = crs.latLngToPoint(bounds.getNorthWest(), 0);
  const size = crs.latLngToPoint(bounds.getSouthEast(), 0).subtract(topLeft);
  return { crs, topLeft, unit: size.x / figure.dataset.width };
}

/** Where a point of the sketch lies. */
function fromSketch(x, y) {
  const { crs, topLeft, unit } = frame();
  return crs.pointToLatLng(topLeft.add([x * unit, y * unit]), 0);
}

/** Where a point of the map lies in truth: as it is on the streets, moved back on the sketch. */
function trueSpot(where) {
  if (onStreets) return where;
  const { crs, topLeft, unit } = frame();
  const point = crs.latLngToPoint(where, 0).subtract(topLeft).divideBy(unit);
  return fromSketch(...movedBack(point, JSON.parse(figure.dataset.moves)));
}

/** Where a place stands: on the streets at its own spot, or around the middle of its neighbourhood. */
function positionOf(place) {
  if (!onStreets) return fromSketch(place.x, place.y);
  if (place.point) return new LatLng(...place.point);
  const { x, y, lat, lon } = areas.get(place.area).dataset;
  const away = fromSketch(place.x, place.y);
  const middle = fromSketch(Number(x), Number(y));
  return new LatLng(Number(lat) + (away.lat - middle.lat) / 2, Number(lon) + (away.lng - middle.lng) / 2);
}

/** Put what stands in the list on the map. */
function fillMap() {
  groups.forEach((group) => group.remove());
  const places = readPlaces();
  const farthest = Math.round(map.getMinZoom());
  const hasRoom = map.getSize().x >= ROOM_FOR_STREETS;
  figure.classList.toggle("map--narrow", !hasRoom);
  markers = new Map();
  const parts = onStreets ? [[null, places]] : [...byArea(places)];
  groups = parts.map(([area, those]) => {
    const group = makeGroup(area, those, farthest, hasRoom);
    group.addLayers(those.map((place) => makeMarker(place)));
    return group.addTo(map);
  });
}

function makeGroup(area, places, farthest, hasRoom) {
  const group = new MarkerClusterGroup({
    farthest,
    anchor: area && anchorOf(area, places.length, hasRoom),
    maxClusterRadius: (zoom) => (area && zoom <= farthest ? EVERYTHING : RADIUS),
    showCoverageOnHover: false, spiderfyOnMaxZoom: false, zoomToBoundsOnClick: false, animate: !isStill,
    iconCreateFunction: (cluster) => {
      const those = cluster.getAllChildMarkers().map((marker) => marker.options.place).reverse();
      const together = those.every((place) => place.area === those[0].area);
      const name = together
        ? fill(words.places, { name: those[0].areaName, count: those.length })
        : fill(words.several, { count: those.length });
      const fits = area && hasRoom ? Number(areas.get(area).dataset.fits) : 0;
      return streetIcon(those, name, fits);
    },
  });
  group._markerCluster = AnchoredCluster;
  group.on("clusterclick clusterkeypress", (event) => {
    if (event.originalEvent.type === "keypress" && event.originalEvent.key !== "Enter") return;
    const those = event.layer.getAllChildMarkers().map((marker) => marker.options.place);
    show(area ? those[0].areaName : null, those, event.layer.getBounds());
    if (area) mark(area);
  });
  return group;
}

/** Just below the name of a neighbourhood; in its middle where there is no room for names. */
function anchorOf(area, count, hasRoom) {
  const { x, y, fits } = areas.get(area).dataset;
  const unit = figure.dataset.width / (map.getSize().x * shareOfWidth());
  const below = hasRoom ? ((rowsOf(count, fits) - 1) / 2) * ROW * unit : -16;
  return fromSketch(Number(x), Number(y) + below);
}

/** How much of the box the city fills from side to side: it may be its height that decides. */
function shareOfWidth() {
  const { x, y } = map.getSize();
  return Math.min(1, (y * figure.dataset.width) / (x * figure.dataset.height));
}

function makeMarker(place) {
  const marker = new Marker(positionOf(place), { place, icon: placeIcon(place, words) });
  marker.bindPopup(() => popupContent(place, words), { minWidth: 200, maxWidth: 280, autoPan: true });
  markers.set(place.slug, marker);
  return marker;
}

function choose(area) {
  const places = byArea(readPlaces()).get(area) ?? [];
  if (!places.length) return;
  mark(area);
  show(places[0].areaName, places, new LatLngBounds(places.map(positionOf)));
}

function mark(area) {
  areas.get(chosen)?.classList.remove("is-on");
  chosen = area;
  areas.get(area)?.classList.add("is-on");
}

/** Come closer to some places and list them. */
function show(name, places, around) {
  const count = places.length;
  const title = name ? fill(words.places, { name, count }) : fill(words.several, { count });
  showPanel(figure, title, places, words, () => {
    const area = chosen;
    mark(null);
    closePanel(figure);
    showAll();
    focusOn(area);
  });
  const panel = figure.querySelector(".chosen");
  const covered = getComputedStyle(panel).position === "absolute" ? panel.offsetHeight : 0;
  map.fitBounds(around.pad(0.3), {
    paddingTopLeft: [30, 60], paddingBottomRight: [30, covered + 60],
    maxZoom: Math.min(Math.max(map.getZoom(), map.getMinZoom()) + 1.5, 16), animate: !isStill,
  });
}

function focusOn(area) {
  const place = readPlaces().find((one) => one.area === area);
  const marker = place && markers.get(place.slug);
  const seen = marker && groups.map((group) => group.hasLayer(marker) && group.getVisibleParent(marker)).find(Boolean);
  (seen?.getElement() ?? map.getContainer()).focus({ preventScroll: true });
}

function showAll() {
  map.fitBounds(bounds, { animate: false });
}

/** Fit the city into the box; closer than that the map can be moved, and only then does it hold a finger. */
function fit() {
  map.setMinZoom(0);
  map.setMinZoom(map.getBoundsZoom(bounds));
  showAll();
  fillMap();
}

function settle() {
  const isWhole = map.getZoom() <= map.getMinZoom() + 0.01;
  map.dragging[isWhole ? "disable" : "enable"]();
  map.getContainer().classList.toggle("is-whole", isWhole);
  map.getContainer().style.setProperty("--nearer", 2 ** (map.getZoom() - map.getMinZoom()));
}

function addControls() {
  const zoom = new Zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  const whole = document.createElement("a");
  whole.href = "#kaart";
  whole.className = "map-whole";
  whole.setAttribute("role", "button");
  whole.title = words.whole;
  whole.setAttribute("aria-label", words.whole);
  whole.append(document.createElement("span"));
  whole.addEventListener("click", (event) => {
    event.preventDefault();
    mark(null);
    closePanel(figure);
    showAll();
  });
  zoom.getContainer().append(whole);
}

map.setView(bounds.getCenter(), 11);
map.on("zoomend", settle);
map.on("resize", fit);
fit();
settle();
addControls();
keepFocus(map, words);
offerPoint(map, figure, areas, words, {
  trueSpot,
  onStart() {
    mark(null);
    closePanel(figure);
    map.closePopup();
  },
});
addStreets(map, figure, words, () => {
  onStreets = true;
  figure.classList.add("on-streets");
  fillMap();
});
document.addEventListener("fragment", () => {
  mark(null);
  closePanel(figure);
  fillMap();
});
figure.dataset.klaar = "";
