// The streets under the houses, where they can be had.
import { Attribution, TileLayer } from "./leaflet.js";

const PATIENCE = 4;

/** Lay the street map on the map. It takes itself away when the first four tiles fail; `onStreets` runs at the first that comes. */
export function addStreets(map, figure, words, onStreets) {
  const { tiles, attribution } = figure.dataset;
  if (!tiles) return;
  let failed = 0;
  let hasLoaded = false;
  const layer = new TileLayer(tiles, { attribution, maxZoom: 19 });
  layer.on("tileload", () => {
    if (hasLoaded) return;
    hasLoaded = true;
    new Attribution({ prefix: false }).addTo(map);
    onStreets();
  });
  layer.on("tileerror", () => {
    failed += 1;
    if (hasLoaded || failed !== PATIENCE) return;
    layer.remove();
    figure.querySelector("[data-map-status]").textContent = words.noTiles;
  });
  layer.addTo(map);
}
