// A button that copies what stands in a field: <button data-copy="id of the field" data-copied="what to say then" hidden>.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  // What was done is said beside the button: a status inside it would take its name away.
  const words = button.querySelector("span");
  const said = button.nextElementSibling;
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = said.textContent = button.dataset.copied;
      setTimeout(() => (words.textContent = before), 4000);
    } catch {
      field.select();
    }
  });
}
