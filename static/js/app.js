// What every page gains from a script. Each page works without it.
import "./copy.js";
import "./fragment.js";
import "./nearby.js";
import "./place.js";
import "./shrink.js";
