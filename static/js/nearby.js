// "Today, close to you" on the agenda: the device is asked where it is only when somebody presses the button.
const nearby = document.querySelector("[data-nearby]");

if (nearby && "geolocation" in navigator) {
  const words = nearby.dataset;
  const field = nearby.querySelector("input[name=bij]");
  const status = nearby.querySelector("[role=status]");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--quiet";
  button.textContent = words.words;
  nearby.querySelector(".filters-row").append(button);

  const found = ({ coords }) => {
    // Three decimals are some eighty metres: near enough for a neighbourhood, too vague for a front door.
    field.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
    nearby.requestSubmit();
  };
  const lost = () => {
    status.textContent = words.none;
    field.focus();
  };

  button.addEventListener("click", () => {
    status.textContent = words.busy;
    navigator.geolocation.getCurrentPosition(found, lost, { timeout: 10000, maximumAge: 60000 });
  });
}
