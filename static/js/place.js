// "Use my place" in the search: asks the device where it is, only when somebody presses the button, and fills that in.
const place = document.querySelector("[data-place]");

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
