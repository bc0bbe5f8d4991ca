// Markercluster without its spider legs and hulls: places that lie on one spot are shown as a list instead.
import "./leaflet.js";
import "leaflet.markercluster/src/MarkerClusterGroup.js";
import "leaflet.markercluster/src/MarkerCluster.js";
import "leaflet.markercluster/src/MarkerOpacity.js";
import "leaflet.markercluster/src/DistanceGrid.js";

export const { MarkerCluster, MarkerClusterGroup } = globalThis.L;
