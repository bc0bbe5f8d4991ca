// What every page gains from a script. Each page works without it.
import "./copy.js";
import "./fragment.js";
import "./place.js";
