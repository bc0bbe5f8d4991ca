// Other ways to say where, in the search. "Choose a point on the map" goes there and takes along what was filled in; "Use
// my place" asks the device where it is, only when somebody presses the button, and fills that in.
const place = document.querySelector("[data-place]");

if (place) {
  const { map, mapWords } = place.dataset;
  const link = document.createElement("a");
  link.className = "btn btn--quiet btn--s";
  link.href = map;
  link.textContent = mapWords;
  place.prepend(link);
  link.addEventListener("click", () => {
    const filled = [...new FormData(place.closest("form"))].filter(([, value]) => value !== "");
    const url = new URL(map, location.href);
    url.searchParams.set("zoek", new URLSearchParams(filled));
    link.href = url;
  });
}

if (place && "geolocation" in navigator) {
  const words = place.dataset;
  const field = place.querySelector(".field");
  const status = place.querySelector("[role=status]");
  const address = document.getElementById("bij");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--quiet btn--s";
  button.textContent = words.words;
  field.before(button);

  const found = ({ coords }) => {
    // Three decimals are some eighty metres: near enough for a search, too vague for a front door.
    field.querySelector("input").value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
    field.hidden = false;
    address.value = "";
    status.textContent = words.done;
  };
  const lost = () => {
    status.textContent = words.none;
    address.focus();
  };

  button.addEventListener("click", () => {
    status.textContent = words.busy;
    navigator.geolocation.getCurrentPosition(found, lost, { timeout: 10000, maximumAge: 60000 });
  });
}
