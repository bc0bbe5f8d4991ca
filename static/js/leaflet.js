// The parts of Leaflet that the map needs, one by one, so that the rest stays out of the bundle. They go together under
// the name L, because that is where markercluster looks.
import { Attribution } from "leaflet/src/control/Control.Attribution.js";
import { Zoom } from "leaflet/src/control/Control.Zoom.js";
import * as Browser from "leaflet/src/core/Browser.js";
import * as Util from "leaflet/src/core/Util.js";
import * as DomUtil from "leaflet/src/dom/DomUtil.js";
import { LatLng } from "leaflet/src/geo/LatLng.js";
import { LatLngBounds } from "leaflet/src/geo/LatLngBounds.js";
import { Point } from "leaflet/src/geometry/Point.js";
import { FeatureGroup, featureGroup } from "leaflet/src/layer/FeatureGroup.js";
import { LayerGroup } from "leaflet/src/layer/LayerGroup.js";
import "leaflet/src/layer/Popup.js";
import { SVGOverlay } from "leaflet/src/layer/SVGOverlay.js";
import { DivIcon } from "leaflet/src/layer/marker/DivIcon.js";
import { Icon } from "leaflet/src/layer/marker/Icon.js";
import { Marker } from "leaflet/src/layer/marker/Marker.js";
import { TileLayer } from "leaflet/src/layer/tile/TileLayer.js";
import { Map as LeafletMap } from "leaflet/src/map/Map.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";

const { bind, extend, setOptions, stamp } = Util;

globalThis.L = {
  Browser, DivIcon, DomUtil, FeatureGroup, Icon, LatLng, LatLngBounds, LayerGroup, Marker, Point, Util,
  bind, extend, featureGroup, setOptions, stamp,
};

export { Attribution, DivIcon, LatLng, LatLngBounds, LeafletMap, Marker, SVGOverlay, TileLayer, Zoom };
